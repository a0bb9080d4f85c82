internal import Synchronization
public import VectorMath

/// The true nearest neighbours of many queries: what recall is measured against.
public enum ExactNeighbors {
  private static let queryRows = 64
  private static let baseRows = 4096

  /// Finds the nearest `k` rows of `base` for each query.
  ///
  /// - Parameters:
  ///   - base: `baseCount` rows of `dimension` floats, one after the other.
  ///   - queries: `queryCount` rows likewise.
  ///   - threadCount: threads that work at once.
  /// - Returns: for each query `min(k, baseCount)` row numbers, nearest first; the lower number where
  ///   distances are equal.
  /// - Complexity: `baseCount · queryCount · dimension` multiply-adds in matrix products.
  public static func find(
    base: UnsafePointer<Float>, baseCount: Int, queries: UnsafePointer<Float>, queryCount: Int,
    dimension: Int, metric: Metric, k: Int, threadCount: Int
  ) -> [[UInt32]] {
    let search = BlockSearch(
      base: FloatMatrix(base: base, count: baseCount, dimension: dimension),
      queries: FloatMatrix(base: queries, count: queryCount, dimension: dimension),
      metric: metric, k: k)
    let results = Mutex([[UInt32]](repeating: [], count: queryCount))
    Workers(threadCount: threadCount).run(
      pieces: (queryCount + queryRows - 1) / queryRows
    ) { piece, _ in
      let start = piece * queryRows
      let found = search.run(start..<min(queryCount, start + queryRows), baseRows: baseRows)
      results.withLock { $0.replaceSubrange(start..<start + found.count, with: found) }
    }
    return results.withLock { $0 }
  }
}

/// Scores blocks of queries against blocks of base rows.
private struct BlockSearch: Sendable {
  private let base: FloatMatrix
  private let queries: FloatMatrix
  private let metric: Metric
  private let k: Int
  /// Keep the centred copies alive.
  private let buffers: [FloatBuffer]
  /// What a dot product is scaled by (cosine), or half of what is added (squared Euclidean).
  private let terms: [Float]

  init(base: FloatMatrix, queries: FloatMatrix, metric: Metric, k: Int) {
    var base = base
    var queries = queries
    var buffers: [FloatBuffer] = []
    if metric == .squaredEuclidean, base.count > 0 {
      // |x|² − 2qx cancels far from the origin.
      let center = base.mean()
      buffers = [base.centred(on: center), queries.centred(on: center)]
      base = FloatMatrix(
        base: buffers[0].base, count: base.count, dimension: base.dimension)
      queries = FloatMatrix(
        base: buffers[1].base, count: queries.count, dimension: queries.dimension)
    }
    self.base = base
    self.queries = queries
    self.buffers = buffers
    self.metric = metric
    self.k = k
    terms =
      metric == .innerProduct
      ? []
      : (0..<base.count).map { index in
        let row = base.row(index)
        var sum: Double = 0
        for axis in 0..<base.dimension { sum += Double(row[axis]) * Double(row[axis]) }
        if metric == .squaredEuclidean { return Float(sum) }
        return sum > 0 ? Float(1 / sum.squareRoot()) : 0
      }
  }

  func run(_ range: Range<Int>, baseRows: Int) -> [[UInt32]] {
    // SAFETY: blocks end at the last row, and `products` has room for the largest.
    var nearest = range.map { _ in NearestHits(k: k) }
    let products = FloatBuffer(count: range.count * baseRows)
    for start in stride(from: 0, to: base.count, by: baseRows) {
      let rows = min(baseRows, base.count - start)
      BLAS.multiplyTransposed(
        queries.row(range.lowerBound), base.row(start), into: products.base, m: range.count,
        n: rows, k: base.dimension)
      for query in 0..<range.count {
        let row = products.base + query * rows
        var threshold = nearest[query].threshold
        for index in 0..<rows {
          // Without the part that is the same for all rows of a query.
          let distance =
            switch metric {
            case .innerProduct: -row[index]
            case .cosine: -row[index] * terms[start + index]
            case .squaredEuclidean: terms[start + index] - 2 * row[index]
            }
          guard distance <= threshold else { continue }
          nearest[query].insert(
            SearchHit(recordID: UInt64(start + index), distance: distance))
          threshold = nearest[query].threshold
        }
      }
    }
    return nearest.map { $0.sorted.map { UInt32($0.recordID) } }
  }
}
