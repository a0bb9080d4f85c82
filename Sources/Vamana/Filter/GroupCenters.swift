internal import VectorMath

/// Points that rows are grouped around, found among a sample of the rows.
///
/// Centres are drawn in rounds, a row the more likely the farther it lies from those before, and moved to the
/// means of their rows. Where rows lie much farther from their centre than elsewhere, clusters share one: these
/// get a second. Source: Bahmani et al., "Scalable k-means++", VLDB 2012; Lloyd, IEEE Trans. Inf.
/// Theory 28, 1982.
struct GroupCenters {
  // SAFETY: `centers` has room for `padded` rows, `norms` as many numbers, infinite beyond `count`.
  /// Floats of a centre.
  let axisCount: Int
  private let centers: FloatBuffer
  private let norms: FloatBuffer
  private let padded: Int
  private(set) var count = 0

  private static let roundCount = 8
  private static let moveCount = 3
  /// Centres are added for groups whose mean square is so many times the median, at most this share of all.
  private static let wideFactor: Float = 1.5
  private static let addedShare = 4
  private static let rowsAPiece = 256
  private static let laneCount = 16

  /// - Parameters:
  ///   - sample: `sampleCount` rows, `stride` floats apart, of which the first `axisCount` count.
  ///   - isWanted: asked between the steps: what has been found by then is left as it is.
  /// - Complexity: about 5 · samples · centres · axes multiply-adds.
  init(
    of sample: UnsafePointer<Float>, sampleCount: Int, stride: Int, axisCount: Int, wanted: Int,
    seed: UInt64, isWanted: () -> Bool
  ) {
    self.axisCount = axisCount
    let room = max(1, wanted) + wanted / Self.addedShare
    padded = (room + Self.laneCount - 1) / Self.laneCount * Self.laneCount
    centers = FloatBuffer(count: padded * axisCount)
    centers.base.update(repeating: 0, count: padded * axisCount)
    norms = FloatBuffer(count: padded)
    norms.base.update(repeating: .infinity, count: padded)
    let rows = Rows(base: sample, count: sampleCount, stride: stride)
    draw(min(wanted, sampleCount), from: rows, seed: seed, isWanted: isWanted)
    for _ in 0..<Self.moveCount where isWanted() { move(to: rows) }
    for _ in 0..<2 where isWanted() {
      splitWide(rows, countMax: room)
      move(to: rows)
    }
  }

  private struct Rows {
    let base: UnsafePointer<Float>
    let count: Int
    let stride: Int
  }

  private mutating func draw(
    _ wanted: Int, from rows: Rows, seed: UInt64, isWanted: () -> Bool
  ) {
    var generator = SplitMix64(seed: seed)
    var distances = [Float](repeating: .infinity, count: rows.count)
    for round in 1...Self.roundCount {
      let first = count
      let target = (wanted * round + Self.roundCount - 1) / Self.roundCount
      let total = first == 0 ? 0 : distances.reduce(0.0) { $0 + Double($1) }
      guard first == 0 || total > 0 && isWanted() else { break }
      for row in 0..<rows.count where count < target {
        // Before the first round every row is as good as another.
        let share = first == 0 ? 1 / Double(rows.count) : Double(distances[row]) / total
        let chance = share * Double(target - first)
        if Double(generator.next() >> 11) * 0x1p-53 < chance { add(rows.base + row * rows.stride) }
      }
      if count == 0 { add(rows.base) }
      for start in stride(from: 0, to: rows.count, by: Self.rowsAPiece) {
        let part = rows.base + start * rows.stride
        visitNearest(
          part, count: min(Self.rowsAPiece, rows.count - start), stride: rows.stride, from: first
        ) { row, _, rest in
          let norm = Self.squaredNorm(part + row * rows.stride, count: axisCount)
          distances[start + row] = min(distances[start + row], max(0, rest + norm))
        }
      }
    }
  }

  private mutating func add(_ row: UnsafePointer<Float>) {
    let target = centers.base + count * axisCount
    target.update(from: row, count: axisCount)
    norms.base[count] = Self.squaredNorm(target, count: axisCount)
    count += 1
  }

  /// Adds the farthest row of each wide group, the widest first.
  private mutating func splitWide(_ rows: Rows, countMax: Int) {
    var spreads = [(sum: Float, count: Float, farthest: Float, row: Int)](
      repeating: (0, 0, -1, 0), count: count)
    for start in stride(from: 0, to: rows.count, by: Self.rowsAPiece) {
      let part = rows.base + start * rows.stride
      visitNearest(
        part, count: min(Self.rowsAPiece, rows.count - start), stride: rows.stride
      ) { row, center, rest in
        let square = max(0, rest + Self.squaredNorm(part + row * rows.stride, count: axisCount))
        spreads[center].sum += square
        spreads[center].count += 1
        if square > spreads[center].farthest {
          spreads[center].farthest = square
          spreads[center].row = start + row
        }
      }
    }
    let means = spreads.map { $0.sum / max(1, $0.count) }
    let limit = Self.wideFactor * means.sorted()[means.count / 2]
    let wide = means.indices.filter { means[$0] > limit && spreads[$0].count > 1 }
      .sorted { means[$0] > means[$1] }
    for center in wide.prefix(countMax - count) {
      add(rows.base + spreads[center].row * rows.stride)
    }
  }

  /// Moves every centre to the mean of the rows nearest to it.
  private func move(to rows: Rows) {
    var counts = [Float](repeating: 0, count: count)
    let sums = FloatBuffer(count: count * axisCount)
    sums.base.update(repeating: 0, count: count * axisCount)
    for start in stride(from: 0, to: rows.count, by: Self.rowsAPiece) {
      let part = rows.base + start * rows.stride
      visitNearest(
        part, count: min(Self.rowsAPiece, rows.count - start), stride: rows.stride
      ) { row, center, _ in
        counts[center] += 1
        let sum = sums.base + center * axisCount
        let values = part + row * rows.stride
        for axis in 0..<axisCount { sum[axis] += values[axis] }
      }
    }
    for center in 0..<count where counts[center] > 0 {
      let target = centers.base + center * axisCount
      for axis in 0..<axisCount {
        target[axis] = sums.base[center * axisCount + axis] / counts[center]
      }
      norms.base[center] = Self.squaredNorm(target, count: axisCount)
    }
  }

  /// Calls `body` with the number of each row, the nearest of the centres, and the squared distance to it less
  /// the row's squared length.
  ///
  /// - Parameter first: centres before it are left out, but for those that share its group of 16 lanes.
  /// - Complexity: `rowCount · centres · axisCount` multiply-adds.
  func visitNearest(
    _ rows: UnsafePointer<Float>, count rowCount: Int, stride: Int, from first: Int = 0,
    _ body: (_ row: Int, _ center: Int, _ rest: Float) -> Void
  ) {
    // SAFETY: whole groups of lanes lie within `padded`.
    let start = first / Self.laneCount * Self.laneCount
    let width = padded - start
    let products = FloatBuffer(count: rowCount * width)
    BLAS.multiplyTransposed(
      rows, centers.base + start * axisCount, into: products.base, m: rowCount, n: width,
      k: axisCount, lda: stride)
    let step = SIMD16<Int32>(repeating: Int32(Self.laneCount))
    for row in 0..<rowCount {
      let line = UnsafeRawPointer(products.base + row * width)
      let norms = UnsafeRawPointer(self.norms.base + start)
      var best = SIMD16<Float>(repeating: .infinity)
      var places = SIMD16<Int32>(repeating: Int32(first))
      var index = SIMD16<Int32>(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
      index &+= Int32(start)
      for offset in Swift.stride(from: 0, to: width * 4, by: Self.laneCount * 4) {
        let values =
          norms.loadUnaligned(fromByteOffset: offset, as: SIMD16<Float>.self)
          - 2 * line.loadUnaligned(fromByteOffset: offset, as: SIMD16<Float>.self)
        let isNearer = values .< best
        best.replace(with: values, where: isNearer)
        places.replace(with: index, where: isNearer)
        index &+= step
      }
      var lane = 0
      for other in 1..<Self.laneCount where best[other] < best[lane] { lane = other }
      body(row, Int(places[lane]), best[lane])
    }
  }

  private static func squaredNorm(_ row: UnsafePointer<Float>, count: Int) -> Float {
    var norm: Float = 0
    for axis in 0..<count { norm += row[axis] * row[axis] }
    return norm
  }
}
