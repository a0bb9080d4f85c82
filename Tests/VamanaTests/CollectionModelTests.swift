import Testing
import Vamana
import VectorMath

@Suite("An updatable index against a dictionary")
struct CollectionModelTests {
  @Test(
    "Random inserts, replacements, deletions and rebuilds leave what a dictionary would hold",
    arguments: Metric.allCases, [UInt64(101), 102])
  func randomOperations(metric: Metric, seed: UInt64) throws {
    print("seed \(seed), \(metric)")
    var generator = SeededGenerator(seed: seed)
    let pool = TestVectors(count: 1500, dimension: 12, seed: seed)
    var configuration = VectorIndexConfiguration.small(tail: 48, fanIn: 3)
    let storage = MemorySegmentStorage()
    var index = try VectorIndex(
      dimension: 12, metric: metric, configuration: configuration, storage: storage)
    var model = CollectionModel(dimension: 12, metric: metric)
    configuration.vamana.seed = seed
    for step in 0..<120 {
      switch Int.random(in: 0..<100, using: &generator) {
      case 0..<45:
        let count = Int.random(in: 1...40, using: &generator)
        let ids = (0..<count).map { _ in UInt64.random(in: 0..<600, using: &generator) }
        let start = Int.random(in: 0..<pool.count - count, using: &generator)
        try index.insert(pool.values(start..<start + count), recordIDs: ids)
        for (offset, id) in ids.enumerated() { model.vectors[id] = pool.row(start + offset) }
      case 45..<70:
        let ids = (0..<Int.random(in: 1...30, using: &generator))
          .map { _ in UInt64.random(in: 0..<650, using: &generator) }
        let expected = Set(ids).count { model.vectors[$0] != nil }
        #expect(try index.delete(ids) == expected)
        for id in ids { model.vectors[id] = nil }
      case 70..<76: try index.flush()
      case 76..<80: try index.flush(sealingTail: true)
      case 80..<82: try index.compact()
      case 82..<85:
        try index.flush(sealingTail: true)
        index.close()
        index = try VectorIndex(
          dimension: 12, metric: metric, configuration: configuration,
          manifest: storage.manifest, storage: storage)
      default: break
      }
      #expect(index.count == model.vectors.count)
      try compare(index, with: model, query: pool.row(step), generator: &generator)
    }
    #expect(index.snapshot().recordIDs == model.vectors.keys.sorted())
    try index.compact()
    #expect(index.statistics.deadRowCount == 0)
    #expect(index.statistics.segmentCount <= 1)
    #expect(index.snapshot().recordIDs == model.vectors.keys.sorted())
    index.close()
  }

  private func compare(
    _ index: VectorIndex, with model: CollectionModel, query: [Float],
    generator: inout SeededGenerator
  ) throws {
    let k = Int.random(in: 1...12, using: &generator)
    let filter =
      Bool.random(using: &generator)
      ? nil
      : RecordFilter(
        (0..<UInt64(650)).filter { _ in Int.random(in: 0..<4, using: &generator) == 0 })
    let hits = try index.search(query, parameters: .exhaustive(k: k), filter: filter)
    let truth = try model.search(query, k: k, filter: filter)
    #expect(hits.count == truth.count)
    // Vectors of the pool are used for several records, whose distances then tie up to rounding.
    for (hit, wanted) in zip(hits, truth) {
      #expect(abs(hit.distance - wanted.distance) <= 1e-3 * max(1, abs(wanted.distance)))
    }
    for hit in hits {
      #expect(filter?.contains(hit.recordID) ?? true)
      let vector = try #require(model.vectors[hit.recordID])
      let stored = try #require(index.snapshot().vector(of: hit.recordID))
      guard model.metric != .cosine else { continue }
      for (got, wanted) in zip(stored, vector) { #expect(abs(got - wanted) <= 5e-4) }
    }
  }

  @Test("Distances of hits in tails are those of exact search, to the last bit")
  func tailsAreExact() throws {
    for metric in Metric.allCases {
      let base = TestVectors(count: 900, dimension: 37, seed: 111)
      let index = try VectorIndex(dimension: 37, metric: metric)
      try index.insert(base.values, recordIDs: (0..<900).map(UInt64.init))
      #expect(index.statistics.tailRowCount == 900)
      let flat = try base.flat(metric: metric)
      let scratch = VectorIndexScratch()
      var exactCount = 0
      for row in 0..<60 {
        let query = TestVectors(count: 1, dimension: 37, seed: 112 + UInt64(row)).row(0)
        try query.withUnsafeBufferPointer {
          try index.search($0, parameters: SearchParameters(k: 7), scratch: scratch)
        }
        #expect(scratch.hits == (try flat.search(query, k: 7)))
        #expect(scratch.statistics.distanceEvaluationCount == 900)
        exactCount += scratch.statistics.exactDistanceEvaluationCount
      }
      print("\(metric): \(exactCount / 60) of 900 rows scored exactly")
      #expect(exactCount < 60 * 450)
    }
  }

  @Test("Tails stay exact for vectors far from each other, of odd sizes, and for zeros")
  func tailsOfUnusualVectors() throws {
    var rows = (0..<300).map { (index: Int) -> [Float] in
      let scale: Float = index % 3 == 0 ? 1e-12 : 1e3
      return (0..<5).map { scale * Float(index * 31 % 17 + $0) }
    }
    rows[7] = [0, 0, 0, 0, 0]
    rows[8] = [1e16, -1e16, 1e16, 0, 1]
    rows[9] = [1e-30, 0, 0, 0, 0]
    let base = TestVectors(rows: rows)
    for metric in Metric.allCases {
      let index = try VectorIndex(dimension: 5, metric: metric)
      try index.insert(base.values, recordIDs: (0..<300).map(UInt64.init))
      let flat = try base.flat(metric: metric)
      for row in [0, 1, 2, 7, 8, 9, 100, 299] {
        let hits = try index.search(base.row(row), parameters: SearchParameters(k: 12))
        #expect(hits == (try flat.search(base.row(row), k: 12)), "\(metric), row \(row)")
      }
    }
  }
}
