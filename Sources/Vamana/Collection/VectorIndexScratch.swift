internal import VectorMath

/// The memory of one search of a ``VectorIndex`` at a time; reused, a search allocates nothing.
///
/// Not thread-safe: give each thread its own.
public final class VectorIndexScratch {
  // SAFETY: `query` has room for `dimension` floats.
  /// The hits of the last search, nearest first.
  public internal(set) var hits: [SearchHit] = []
  /// What the last search cost, over all segments and tails.
  public internal(set) var statistics = SearchStatistics()

  let segment = SearchScratch()
  var nearest = HitHeap()
  private(set) var query: UnsafeMutablePointer<Float>
  private(set) var dimension = 0
  private var flat: (search: FlatSearch, dimension: Int, metric: Metric)?

  public init() { query = .allocate(capacity: 1) }

  deinit { query.deallocate() }

  /// What scans tails of such vectors.
  func flatSearch(dimension: Int, metric: Metric) -> FlatSearch {
    if let flat, flat.dimension == dimension, flat.metric == metric { return flat.search }
    let search = FlatSearch(dimension: dimension, metric: metric, count: 1)
    flat = (search, dimension, metric)
    return search
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
      self.query = .allocate(capacity: dimension)
      self.dimension = dimension
    }
    self.query.update(from: query.baseAddress!, count: dimension)
    if metric == .cosine { VectorValues.scaleToUnitLength(self.query, count: dimension) }
  }
}
