import Testing
import Vamana
import VectorMath

@Suite("Edges of an updatable index")
struct CollectionEdgeTests {
  private let base = TestVectors(count: 600, dimension: 8, seed: 401)

  @Test("An empty index answers, flushes and compacts")
  func empty() throws {
    let index = try VectorIndex(dimension: 8, metric: .cosine)
    #expect(try index.search(base.row(0)).isEmpty)
    try index.insert([], recordIDs: [])
    #expect(try index.delete([1, 2]) == 0)
    try index.flush(sealingTail: true)
    try index.compact()
    #expect(index.count == 0)
    #expect(index.snapshot().recordIDs.isEmpty)
    #expect(index.manifest.segments.isEmpty)
  }

  @Test("Fewer records than asked for all come back, wherever they are")
  func fewerThanK() throws {
    let index = try VectorIndex(
      dimension: 8, metric: .squaredEuclidean, configuration: .small())
    try index.insert(base.values(0..<3), recordIDs: [9, 2, 5])
    #expect(Set(try index.search(base.row(0)).map(\.recordID)) == [9, 2, 5])
    try index.flush(sealingTail: true)
    #expect(index.statistics.tailRowCount == 0)
    try index.insert(base.row(3), recordID: 1)
    #expect(Set(try index.search(base.row(0)).map(\.recordID)) == [9, 2, 5, 1])
  }

  @Test("Of one record in a batch twice the later row counts")
  func duplicatesInABatch() throws {
    let index = try VectorIndex(dimension: 8, metric: .innerProduct, configuration: .small())
    try index.insert(base.values(0..<4), recordIDs: [7, 8, 7, 7])
    #expect(index.count == 2)
    #expect(index.snapshot().vector(of: 7) == base.row(3))
    // Over the end of a tail too.
    try index.insert(base.values(0..<200), recordIDs: [UInt64](repeating: 7, count: 200))
    try index.flush(sealingTail: true)
    #expect(index.count == 2)
    #expect(index.snapshot().vector(of: 7) == base.row(199))
  }

  @Test("All deleted and inserted again: nothing is left over")
  func allDeleted() throws {
    let storage = MemorySegmentStorage()
    let index = try VectorIndex(
      dimension: 8, metric: .cosine, configuration: .small(), storage: storage)
    let ids = (0..<300).map(UInt64.init)
    try index.insert(base.values(0..<300), recordIDs: ids)
    #expect(try index.delete(ids + ids) == 300)
    #expect(try index.search(base.row(0)).isEmpty)
    try index.flush()
    #expect(index.statistics.segmentCount == 0)
    #expect(storage.handles.isEmpty)
    try index.insert(base.values(0..<300), recordIDs: ids.reversed())
    #expect(index.count == 300)
    #expect(try index.search(base.row(0), parameters: .exhaustive())[0].recordID == 299)
  }

  @Test("Where nearly all rows near the query are dead the living come back all the same")
  func mostlyDead() throws {
    var configuration = VectorIndexConfiguration.small(tail: 600)
    configuration.mergePolicy.deadShareMax = 1
    configuration.mergePolicy.segmentDeadShareMax = 1
    let index = try VectorIndex(
      dimension: 8, metric: .squaredEuclidean, configuration: configuration)
    try index.insert(base.values, recordIDs: (0..<600).map(UInt64.init))
    try index.flush()
    let query = base.row(0)
    let order = try index.search(query, parameters: .exhaustive(k: 600)).map(\.recordID)
    try index.delete(Array(order.prefix(560)))
    #expect(index.statistics.deadRowCount == 560)
    for k in [1, 10, 40, 100] {
      let hits = try index.search(query, parameters: SearchParameters(k: k, listSize: 12))
      #expect(hits.map(\.recordID) == Array(order[560...].prefix(k)))
    }
    let filter = RecordFilter(Array(order[500..<580]))
    let filtered = try index.search(query, parameters: SearchParameters(k: 30), filter: filter)
    #expect(filtered.map(\.recordID) == Array(order[560..<580]))
  }

  @Test("Too many dead rows are rebuilt away in the background")
  func deadRowsAreCollected() throws {
    let index = try VectorIndex(
      dimension: 8, metric: .cosine, configuration: .small(tail: 100, fanIn: 8))
    try index.insert(base.values, recordIDs: (0..<600).map(UInt64.init))
    try index.flush()
    for start in 0..<10 {
      try index.delete((0..<40).map { UInt64(start + $0 * 15) })
      try index.flush()
      #expect(index.statistics.deadShare <= 0.15)
      #expect(index.count == 600 - 40 * (start + 1))
    }
    #expect(index.statistics.mergeCount > 0)
    let living = (0..<UInt64(600)).filter { $0 % 15 >= 10 }
    #expect(index.snapshot().recordIDs == living)
  }

  @Test("What cannot be inserted or asked is refused, and nothing of it is kept")
  func refusals() throws {
    let index = try VectorIndex(dimension: 8, metric: .cosine)
    #expect(throws: VectorIndexError.vamana(.dimensionMismatch(got: 3, expected: 8))) {
      try index.insert([1, 2, 3], recordID: 1)
    }
    #expect(throws: VectorIndexError.countMismatch(vectors: 2, recordIDs: 1)) {
      try index.insert(base.values(0..<2), recordIDs: [1])
    }
    var bad = base.values(0..<3)
    bad[17] = .nan
    #expect(throws: VectorIndexError.vamana(.notFinite(row: 2))) {
      try index.insert(bad, recordIDs: [1, 2, 3])
    }
    #expect(index.count == 0)
    #expect(throws: VectorIndexError.vamana(.dimensionMismatch(got: 2, expected: 8))) {
      try index.search([1, 2])
    }
    #expect(throws: VectorIndexError.vamana(.notFinite(row: 0))) {
      try index.search([Float](repeating: .infinity, count: 8))
    }
    var configuration = VectorIndexConfiguration()
    configuration.tailRowCountMax = 0
    #expect(throws: VectorIndexError.self) {
      try VectorIndex(dimension: 8, metric: .cosine, configuration: configuration)
    }
    #expect(throws: VectorIndexError.self) { try VectorIndex(dimension: 0, metric: .cosine) }
  }

  @Test("A batch of queries gives what they give one by one, also beside dead rows and a tail")
  func batches() throws {
    let index = try VectorIndex(dimension: 8, metric: .cosine, configuration: .small())
    try index.insert(base.values, recordIDs: (0..<600).map(UInt64.init))
    try index.flush(sealingTail: true)
    // Dead rows in the oldest segment only.
    try index.delete((0..<20).map { UInt64($0 * 2) })
    try index.insert(base.values(0..<5), recordIDs: (600..<605).map(UInt64.init))
    let snapshot = index.snapshot()
    for parameters in [SearchParameters(), SearchParameters(k: 3, listSize: 20)] {
      for (filter, threadCount) in [(nil, 1), (nil, 2), (RecordFilter(Array(100..<300)), 2)] {
        let batch = try base.values(0..<50).withUnsafeBufferPointer {
          try snapshot.searchBatch(
            $0, parameters: parameters, filter: filter, threadCount: threadCount)
        }
        #expect(batch.count == 50)
        for row in 0..<50 {
          let single = try snapshot.search(
            base.row(row), parameters: parameters, filter: filter)
          #expect(batch[row] == single)
        }
      }
    }
    let byIndex = try index.searchBatch(base.values(0..<50))
    #expect(try byIndex == (0..<50).map { try snapshot.search(base.row($0)) })
    var bad = base.values(0..<3)
    bad[2 * 8 + 1] = .nan
    #expect(throws: VectorIndexError.vamana(.notFinite(row: 2))) {
      try bad.withUnsafeBufferPointer { try snapshot.searchBatch($0) }
    }
  }
}
