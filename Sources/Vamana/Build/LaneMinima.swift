/// A quick guess at a low quantile: from the least value of each of 16 lanes.
enum LaneMinima {
  private static let laneCount = 16

  /// A value that about `share` of what was sampled is below.
  ///
  /// - Parameter count: of values, a multiple of 16.
  /// - Complexity: O(count), without branches.
  static func quantile(_ values: UnsafePointer<Float>, count: Int, share: Double) -> Float {
    // SAFETY: groups of 16 values lie within `count`.
    var minima = SIMD16<Float>(repeating: .infinity)
    for start in stride(from: 0, to: count, by: laneCount) {
      let group = UnsafeRawPointer(values + start).loadUnaligned(as: SIMD16<Float>.self)
      minima.replace(with: group, where: group .< minima)
    }
    // The r-th least minimum is the m-th least value, for m = Σ 16 / (16 − i), i < r: as long as it takes
    // to see r of 16 equally likely lanes.
    let wanted = share * Double(count)
    var rank = 0
    var expected = 1.0
    while expected < wanted, rank < laneCount - 1 {
      rank += 1
      expected += Double(laneCount) / Double(laneCount - rank)
    }
    return withUnsafeTemporaryAllocation(of: Float.self, capacity: laneCount) { sorted in
      for lane in 0..<laneCount {
        var slot = lane
        while slot > 0, sorted[slot - 1] > minima[lane] {
          sorted[slot] = sorted[slot - 1]
          slot -= 1
        }
        sorted[slot] = minima[lane]
      }
      return sorted[rank]
    }
  }
}
