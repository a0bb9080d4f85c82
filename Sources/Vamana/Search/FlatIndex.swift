public import VectorMath

/// Exact search: every vector is scored. The fresh tail of an index, and the truth others are measured
/// against.
public struct FlatIndex: Sendable {
  public let dimension: Int
  public let metric: Metric
  public private(set) var recordIDs: [UInt64] = []
  private var vectors: [Float] = []

  public var count: Int { recordIDs.count }

  public init(dimension: Int, metric: Metric) {
    self.dimension = dimension
    self.metric = metric
  }

  /// Adds a vector (scaled to unit length for cosine).
  ///
  /// - Throws: ``VamanaError/dimensionMismatch(got:expected:)`` or ``VamanaError/notFinite(row:)``.
  public mutating func append(
    _ vector: UnsafeBufferPointer<Float>, recordID: UInt64
  ) throws(VamanaError) {
    guard vector.count == dimension else {
      throw .dimensionMismatch(got: vector.count, expected: dimension)
    }
    guard VectorValues.areUsable(vector) else { throw .notFinite(row: count) }
    recordIDs.append(recordID)
    vectors.append(contentsOf: vector)
    guard metric == .cosine else { return }
    vectors.withUnsafeMutableBufferPointer { buffer in
      VectorValues.scaleToUnitLength(
        buffer.baseAddress! + (buffer.count - dimension), count: dimension)
    }
  }

  /// The stored vector in place `index` (unit length for cosine).
  public func vector(at index: Int) -> [Float] {
    Array(vectors[index * dimension..<(index + 1) * dimension])
  }

  /// The nearest `k` records, nearest first.
  ///
  /// - Throws: ``VamanaError/dimensionMismatch(got:expected:)`` or ``VamanaError/notFinite(row:)``.
  /// - Complexity: `count` distance evaluations.
  public func search(
    _ query: UnsafeBufferPointer<Float>, k: Int, filter: RecordFilter? = nil
  ) throws(VamanaError) -> [SearchHit] {
    guard query.count == dimension else {
      throw .dimensionMismatch(got: query.count, expected: dimension)
    }
    guard VectorValues.areUsable(query) else { throw .notFinite(row: 0) }
    var unit = Array(query)
    if metric == .cosine {
      unit.withUnsafeMutableBufferPointer {
        VectorValues.scaleToUnitLength($0.baseAddress!, count: dimension)
      }
    }
    let distances = [Float](unsafeUninitializedCapacity: count) { buffer, filled in
      guard count > 0 else { return }
      // SAFETY: `vectors` holds `count` rows of `dimension` floats, `buffer` room for `count`.
      DistanceKernels.best.distances(
        metric, unit, vectors, stride: dimension, ids: nil, count: count, dimension: dimension,
        into: buffer.baseAddress!)
      filled = count
    }
    var hits = NearestHits(k: k)
    for index in 0..<count where distances[index] <= hits.threshold {
      guard filter?.contains(recordIDs[index]) ?? true else { continue }
      hits.insert(SearchHit(recordID: recordIDs[index], distance: distances[index]))
    }
    return hits.sorted
  }
}
