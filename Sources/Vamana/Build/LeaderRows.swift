internal import VectorMath

/// The vectors that lead balls, loaded so that one product of matrices compares a block of rows with all.
struct LeaderRows: @unchecked Sendable {
  // SAFETY: written in `init` only.
  private let leaders: BlockDistances

  /// The memory of one thread that assigns rows to leaders.
  final class Scratch {
    fileprivate let rows: BlockDistances
    fileprivate let distances: FloatBuffer

    init(source: DistanceSource, rowCount: Int, leaderCount: Int) {
      rows = BlockDistances(source: source, capacity: rowCount)
      distances = FloatBuffer(count: rowCount * BlockDistances.padded(leaderCount))
    }
  }

  init(source: DistanceSource, ids: [UInt32]) {
    leaders = BlockDistances(source: source, capacity: ids.count)
    ids.withUnsafeBufferPointer(leaders.load)
  }

  /// Writes the numbers of the nearest `fanOut` leaders of each of `ids`.
  ///
  /// - Complexity: rows · leaders · dimension multiply-adds.
  func assign(
    _ ids: [UInt32], fanOut: Int, scratch: Scratch, into out: UnsafeMutablePointer<UInt32>
  ) {
    ids.withUnsafeBufferPointer(scratch.rows.load)
    scratch.rows.distances(0..<ids.count, to: leaders, into: scratch.distances.base)
    var best = [NeighborKey](repeating: .none, count: fanOut)
    best.withUnsafeMutableBufferPointer { best in
      for row in 0..<ids.count {
        let distances = scratch.distances.base + row * leaders.rowStride
        var filled = 0
        var worst = Float.infinity
        for leader in 0..<leaders.count where distances[leader] < worst || filled < fanOut {
          let key = NeighborKey(distance: distances[leader], node: UInt32(leader))
          var slot = filled < fanOut ? filled : fanOut - 1
          while slot > 0, best[slot - 1] > key {
            best[slot] = best[slot - 1]
            slot -= 1
          }
          best[slot] = key
          if filled < fanOut { filled += 1 }
          if filled == fanOut { worst = best[fanOut - 1].distance }
        }
        for slot in 0..<fanOut { out[row * fanOut + slot] = best[slot].node }
      }
    }
  }
}
