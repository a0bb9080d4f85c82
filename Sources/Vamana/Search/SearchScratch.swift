internal import VectorMath

/// The memory of one search at a time; reused, a search allocates nothing.
///
/// Not thread-safe: give each thread its own, or borrow from a ``SearchScratchPool``.
public final class SearchScratch {
  // SAFETY: each block has room for as many elements as were asked for in `prepare`, which runs before
  // a search uses them.
  /// The hits of the last search, nearest first.
  public private(set) var hits: [SearchHit] = []
  /// What the last search cost.
  public internal(set) var statistics = SearchStatistics()

  /// The query (of unit length for cosine), and what exact distances are computed from: the same, or
  /// centred.
  let query = ScratchBlock<Float>()
  let exactQuery = ScratchBlock<Float>()
  /// The query as signed bytes, and the same made unsigned.
  let queryCodes = ScratchBlock<Int8>()
  let unsignedCodes = ScratchBlock<UInt8>()
  /// The query along the axes of edge codes: integers, floats, signed bytes.
  let products = ScratchBlock<Int32>()
  let rotated = ScratchBlock<Float>()
  let edgeCodes = ScratchBlock<Int8>()
  /// Candidates, those that a hop adds to them, and the nearest that were reached.
  let keys = ScratchBlock<NeighborKey>()
  let added = ScratchBlock<NeighborKey>()
  let reached = ScratchBlock<NeighborKey>()
  /// Nodes or places to score, and their distances.
  let batch = ScratchBlock<UInt32>()
  let distances = ScratchBlock<Float>()
  /// Records read from disk.
  private(set) lazy var recordBuffer = RecordBuffer()
  /// Tables by size, made when they are first wanted.
  private var visited = [VisitedMemory?](repeating: nil, count: visitedBits.count)
  private static let visitedBits = 11...20

  public init() {}

  /// Makes room for a search; only the first of a size allocates.
  func prepare(dimension: Int, axisCount: Int, capacity: Int, reachedCount: Int, batchSize: Int) {
    prepareExact(dimension: dimension)
    queryCodes.reserve(dimension)
    unsignedCodes.reserve(dimension + 4)
    products.reserve(axisCount)
    rotated.reserve(axisCount)
    edgeCodes.reserve(axisCount)
    keys.reserve(KeyList.room(forCapacity: capacity))
    reached.reserve(reachedCount + 1)
    prepareBatch(count: batchSize)
  }

  /// Makes room for a query to be compared exactly.
  func prepareExact(dimension: Int) {
    query.reserve(dimension)
    exactQuery.reserve(dimension)
  }

  /// Makes room for `count` nodes to be scored.
  func prepareBatch(count: Int) {
    batch.reserve(count)
    distances.reserve(count)
    added.reserve(count + 1)
  }

  /// An empty table for a search of about `expectedCount` nodes.
  func visitedTable(expectedCount: Int) -> VisitedTable {
    // Large for what a walk meets, as collisions cost places in the pool, and small enough for the first-level
    // cache.
    var placeBits = Self.visitedBits.lowerBound
    while 1 << placeBits < 2 * expectedCount, placeBits < Self.visitedBits.upperBound {
      placeBits += 1
    }
    let index = placeBits - Self.visitedBits.lowerBound
    if let memory = visited[index] { return memory.next() }
    let memory = VisitedMemory(placeBits: placeBits)
    visited[index] = memory
    return memory.next()
  }

  func beginHits() {
    hits.removeAll(keepingCapacity: true)
    statistics = SearchStatistics()
  }

  func append(_ hit: SearchHit) { hits.append(hit) }

  /// Sorts the hits, keeps one of each and the nearest `k`.
  func finishDistinctHits(k: Int) {
    hits.sortNearestFirst()
    var kept = 0
    for index in hits.indices where kept == 0 || hits[kept - 1] != hits[index] {
      guard kept < k else { break }
      hits[kept] = hits[index]
      kept += 1
    }
    hits.removeLast(hits.count - kept)
  }

  /// Sorts the hits and keeps the nearest `k`.
  func finishHits(k: Int) {
    hits.sortNearestFirst()
    if hits.count > k { hits.removeLast(hits.count - k) }
  }
}
