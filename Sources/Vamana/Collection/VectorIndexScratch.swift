internal import VectorMath

/// The memory of one search of a ``VectorIndex`` at a time; reused, a search allocates nothing.
///
/// Not thread-safe: give each thread its own.
public final class VectorIndexScratch {
  // SAFETY: `query` and `queryCodes` have room for `dimension` elements, `distances` and `candidates`
  // for a chunk of a tail.
  /// The hits of the last search, nearest first.
  public internal(set) var hits: [SearchHit] = []
  /// What the last search cost, over all segments and tails.
  public internal(set) var statistics = SearchStatistics()

  let segment = SearchScratch()
  var nearest = HitHeap()
  private(set) var query: UnsafeMutablePointer<Float>
  private(set) var queryCodes: UnsafeMutablePointer<Int8>
  let distances: UnsafeMutablePointer<Float>
  let exactDistances: UnsafeMutablePointer<Float>
  var candidates: [Candidate] = []
  var rows: [UInt32] = []
  private(set) var dimension = 0

  /// A row of a chunk, and the least that its distance can be.
  struct Candidate {
    var lowerBound: Float
    var row: UInt32
  }

  public init() {
    query = .allocate(capacity: 1)
    queryCodes = .allocate(capacity: 1)
    distances = .allocate(capacity: TailRows.rowsAChunk)
    exactDistances = .allocate(capacity: TailRows.rowsAChunk)
  }

  deinit {
    query.deallocate()
    queryCodes.deallocate()
    distances.deallocate()
    exactDistances.deallocate()
  }

  /// Takes a query for vectors of `dimension`, checked and scaled as the metric asks.
  func begin(
    _ query: UnsafeBufferPointer<Float>, dimension: Int, metric: Metric, k: Int
  ) throws(VectorIndexError) {
    hits.removeAll(keepingCapacity: true)
    statistics = SearchStatistics()
    nearest.begin(k: k)
    guard query.count == dimension else {
      throw .vamana(.dimensionMismatch(got: query.count, expected: dimension))
    }
    guard VectorValues.areUsable(query) else { throw .vamana(.notFinite(row: 0)) }
    if dimension > self.dimension {
      self.query.deallocate()
      queryCodes.deallocate()
      self.query = .allocate(capacity: dimension)
      queryCodes = .allocate(capacity: dimension)
      self.dimension = dimension
    }
    self.query.update(from: query.baseAddress!, count: dimension)
    if metric == .cosine { VectorValues.scaleToUnitLength(self.query, count: dimension) }
  }
}
