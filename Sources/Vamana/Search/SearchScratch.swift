/// The memory of one search at a time; reused, a search allocates nothing.
///
/// Not thread-safe: give each thread its own, or borrow from a ``SearchScratchPool``.
public final class SearchScratch {
  // SAFETY: each pointer has room for as many elements as the count beside it says; `prepare` grows
  // them before a search uses them.
  /// The hits of the last search, nearest first.
  public private(set) var hits: [SearchHit] = []
  /// What the last search cost.
  public internal(set) var statistics = SearchStatistics()

  private(set) var query: UnsafeMutablePointer<Float>
  private(set) var queryCodes: UnsafeMutablePointer<Int8>
  private var dimension = 0
  private(set) var keys: UnsafeMutablePointer<NeighborKey>
  private var keyCapacity = 0
  private(set) var batch: UnsafeMutablePointer<UInt32>
  private(set) var distances: UnsafeMutablePointer<Float>
  private var batchCapacity = 0
  private var visited: UnsafeMutablePointer<UInt64>
  private var visitedCount = 0
  private var epoch: UInt32 = 0

  public init() {
    query = .allocate(capacity: 1)
    queryCodes = .allocate(capacity: 1)
    keys = .allocate(capacity: 1)
    batch = .allocate(capacity: 1)
    distances = .allocate(capacity: 1)
    visited = .allocate(capacity: 1)
  }

  deinit {
    query.deallocate()
    queryCodes.deallocate()
    keys.deallocate()
    batch.deallocate()
    distances.deallocate()
    visited.deallocate()
  }

  /// Makes room for a search; only the first of a size allocates.
  func prepare(dimension: Int, listSize: Int, batchSize: Int) {
    if dimension > self.dimension {
      query.deallocate()
      queryCodes.deallocate()
      query = .allocate(capacity: dimension)
      queryCodes = .allocate(capacity: dimension)
      self.dimension = dimension
    }
    if listSize > keyCapacity {
      keys.deallocate()
      keys = .allocate(capacity: listSize)
      keyCapacity = listSize
    }
    if batchSize > batchCapacity {
      batch.deallocate()
      distances.deallocate()
      batch = .allocate(capacity: batchSize)
      distances = .allocate(capacity: batchSize)
      batchCapacity = batchSize
    }
  }

  /// An empty table for a search of about `expectedCount` nodes.
  func visitedTable(expectedCount: Int) -> VisitedTable {
    var wanted = 1024
    while wanted < 2 * expectedCount, wanted < 1 << 20 { wanted *= 2 }
    epoch &+= 1
    if wanted > visitedCount || epoch == 0 {
      visited.deallocate()
      visitedCount = max(wanted, visitedCount)
      visited = .allocate(capacity: visitedCount)
      visited.initialize(repeating: 0, count: visitedCount)
      epoch = 1
    }
    return VisitedTable(entries: visited, entryCount: visitedCount, epoch: epoch)
  }

  func beginHits() {
    hits.removeAll(keepingCapacity: true)
    statistics = SearchStatistics()
  }

  func append(_ hit: SearchHit) { hits.append(hit) }

  /// Sorts the hits and keeps the nearest `k`.
  func finishHits(k: Int) {
    hits.sort(by: SearchHit.isNearer)
    if hits.count > k { hits.removeLast(hits.count - k) }
  }
}
