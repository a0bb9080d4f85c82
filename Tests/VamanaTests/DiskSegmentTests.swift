import Foundation
import Testing
import Vamana
import VectorMath

@Suite("Segments searched on disk")
struct DiskSegmentTests {
  @Test(
    "Answers are those of the image in memory, distances to the last bit, with or without a cache",
    arguments: [Metric.cosine, .innerProduct, .squaredEuclidean])
  func answers(metric: Metric) throws {
    let (base, queries) = TestVectors(count: 820, dimension: 24, seed: 81).split(at: 800)
    let stored = try StoredImage(of: base, metric: metric)
    let memory = try Segment(stored.image)
    for cacheByteCount in [0, 30_000] {
      var options = DiskSegmentOptions()
      options.cacheByteCount = cacheByteCount
      try compare(try DiskSegment(path: stored.path, options: options), memory, queries)
    }
  }

  private func compare(
    _ disk: DiskSegment, _ memory: Segment, _ queries: TestVectors
  ) throws {
    let scratch = SearchScratch()
    let memoryScratch = SearchScratch()
    for listSize in [10, 30, 100] {
      let parameters = SearchParameters(k: 10, listSize: listSize)
      for index in 0..<queries.count {
        let query = queries.row(index)
        try query.withUnsafeBufferPointer {
          try disk.search($0, parameters: parameters, scratch: scratch)
          try memory.search($0, parameters: parameters, scratch: memoryScratch)
        }
        #expect(scratch.statistics.hopCount == memoryScratch.statistics.hopCount)
        #expect(
          scratch.statistics.readCount + scratch.statistics.cachedRecordCount
            == scratch.statistics.hopCount)
        #expect(scratch.hits.count == 10)
        // On disk every node of the walk is scored exactly: what memory found is there, or nearer ones.
        for (near, far) in zip(scratch.hits, memoryScratch.hits) {
          #expect(near.distance <= far.distance)
        }
        let same = try memory.search(
          query, parameters: SearchParameters(k: 10),
          filter: RecordFilter(scratch.hits.map(\.recordID)))
        #expect(scratch.hits == same)
      }
    }
  }

  @Test("An image placed for disk answers in memory as one placed for memory does")
  func placement() throws {
    let (base, queries) = TestVectors(count: 1020, dimension: 20, seed: 82).split(at: 1000)
    let stored = try StoredImage(of: base, metric: .cosine)
    let placed = try Segment(stored.image)
    let packed = try Segment(base.build(metric: .cosine))
    #expect(placed.recallCurve == packed.recallCurve)
    for index in 0..<queries.count {
      #expect(try placed.search(queries.row(index)) == (try packed.search(queries.row(index))))
    }
    #expect(placed.vector(of: 17) == packed.vector(of: 17))
    try placed.verify()
    let disk = try DiskSegment(path: stored.path)
    #expect(try disk.vector(of: 17) == packed.vector(of: 17))
    #expect(try disk.vector(of: 5000) == nil)
    #expect(try disk.recordIDs() == packed.recordIDs)
    #expect(disk.model == "test")
    try disk.verify()
  }

  @Test(
    "No record crosses a page that it could avoid, and a hop is one read",
    arguments: [2, 24, 96, 2100])
  func straddling(dimension: Int) throws {
    let base = TestVectors(count: 60, dimension: dimension, seed: 83)
    let stored = try StoredImage(of: base, metric: .innerProduct)
    var options = DiskSegmentOptions()
    options.cacheByteCount = 0
    let disk = try DiskSegment(path: stored.path, options: options)
    let scratch = SearchScratch()
    try base.row(0).withUnsafeBufferPointer {
      try disk.search($0, parameters: SearchParameters(k: 60), scratch: scratch)
    }
    #expect(scratch.hits.map(\.recordID).sorted() == (0..<60).map(UInt64.init))
    let statistics = scratch.statistics
    #expect(statistics.readCount == statistics.hopCount)
    let recordBytes = statistics.readByteCount / statistics.readCount
    // The nodes are the last section: 60 records at equal distances, the first on a page.
    var stride = 64
    while stride < min(recordBytes, 4096) { stride *= 2 }
    stride = (recordBytes + stride - 1) / stride * stride
    let start = stored.image.bytes.count - 60 * stride
    #expect(start % 4096 == 0)
    for node in 0..<60 {
      let first = start + node * stride
      let pages = (first + recordBytes - 1) / 4096 - first / 4096 + 1
      #expect(pages == (recordBytes + 4095) / 4096)
    }
  }

  @Test("Many threads search one file, each with its own scratch")
  func threads() async throws {
    let base = TestVectors(count: 1500, dimension: 16, seed: 84)
    let stored = try StoredImage(of: base, metric: .squaredEuclidean)
    let disk = try DiskSegment(path: stored.path)
    let expected = try (0..<100).map { try disk.search(base.row($0)) }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for start in 0..<4 {
        group.addTask {
          let scratch = SearchScratch()
          for index in Swift.stride(from: start, to: 100, by: 4) {
            try base.row(index).withUnsafeBufferPointer {
              try disk.search($0, parameters: SearchParameters(), scratch: scratch)
            }
            #expect(scratch.hits == expected[index])
          }
        }
      }
      try await group.waitForAll()
    }
  }

  @Test("Filters give exactly min(k, matches), the nearest")
  func filters() throws {
    let base = TestVectors(count: 2000, dimension: 12, seed: 85)
    let stored = try StoredImage(of: base, metric: .cosine)
    let disk = try DiskSegment(path: stored.path)
    let flat = try base.flat(metric: .cosine)
    var generator = SeededGenerator(seed: 86)
    // Few are read all; many are found by walks.
    for matchCount in [0, 1, 7, 60, 600, 1900] {
      let filter = RecordFilter(
        Array((0..<UInt64(2000)).shuffled(using: &generator).prefix(matchCount)))
      try check(filter, of: disk, base: base, flat: flat)
    }
  }

  private func check(
    _ filter: RecordFilter, of disk: DiskSegment, base: TestVectors, flat: FlatIndex
  ) throws {
    let matchCount = filter.records.count
    var found = 0
    for index in 0..<10 {
      let hits = try disk.search(
        base.row(index), parameters: SearchParameters(k: 10, listSize: 60), filter: filter)
      #expect(hits.count == min(10, matchCount))
      #expect(hits.allSatisfy { filter.contains($0.recordID) })
      let truth = Set(try flat.search(base.row(index), k: 10, filter: filter).map(\.recordID))
      found += hits.count { truth.contains($0.recordID) }
    }
    print("seed 85/86: \(found) of \(10 * min(10, matchCount))")
    #expect(Double(found) >= 0.97 * Double(10 * min(10, matchCount)))
  }

  @Test("An empty segment opens and finds nothing")
  func empty() throws {
    let stored = try StoredImage(of: TestVectors(rows: []), metric: .cosine)
    let disk = try DiskSegment(path: stored.path)
    #expect(disk.count == 0)
    #expect(try disk.search([1]).isEmpty)
    #expect(try disk.search([1], filter: RecordFilter([1])).isEmpty)
  }

  @Test("A compact index is not placed for disk, and options out of range are refused")
  func refusedSettings() throws {
    var configuration = VamanaConfiguration()
    configuration.placement = .disk
    configuration.isFused = false
    let base = TestVectors(count: 50, dimension: 8, seed: 87)
    #expect(throws: VamanaError.self) {
      try base.build(metric: .cosine, configuration: configuration)
    }
    let stored = try StoredImage(of: base, metric: .cosine)
    for (cache, reads) in [(-1, 8), (0, 0), (0, 65)] {
      var options = DiskSegmentOptions()
      options.cacheByteCount = cache
      options.concurrentReadCount = reads
      #expect(throws: VamanaError.self) { try DiskSegment(path: stored.path, options: options) }
    }
    let disk = try DiskSegment(path: stored.path)
    #expect(throws: VamanaError.dimensionMismatch(got: 3, expected: 8)) {
      try disk.search([1, 2, 3])
    }
  }
}
