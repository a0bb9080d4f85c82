import Testing
import Vamana
import VectorMath

@Suite("The flat index")
struct FlatIndexTests {
  @Test(
    "Hits are the nearest records by distances in double precision",
    arguments: Metric.allCases, [1, 2, 3, 17, 100, 385])
  func truth(metric: Metric, dimension: Int) throws {
    let (base, queries) = TestVectors(count: 204, dimension: dimension, seed: 11).split(at: 200)
    let rows = (0..<200).map(base.row)
    let index = try FlatIndex(rows, metric: metric)
    let truth = FlatTruth(
      metric: metric,
      vectors: Dictionary(uniqueKeysWithValues: rows.enumerated().map { (UInt64($0), $1) }))
    let asked = (0..<4).map(queries.row)
    let batch = try index.searchBatch(asked, k: 10)
    for (query, hits) in zip(asked, batch) {
      truth.expect(hits, for: query, k: 10)
      #expect(try index.search(query, k: 10) == hits)
    }
  }

  @Test(
    "Hits are the same with and without codes, alone and in batches, on one thread and three",
    arguments: Metric.allCases, [1, 20, 280])
  func sameHits(metric: Metric, k: Int) throws {
    // More than one chunk, and one that is not full.
    let (base, queries) = TestVectors(count: 4512, dimension: 10, seed: 12).split(at: 4500)
    let rows = (0..<base.count).map(base.row)
    let coded = try FlatIndex(rows, metric: metric)
    let plain = try FlatIndex(rows, metric: metric, keepsCodes: false)
    let asked = (0..<12).map(queries.row)
    let expected = try plain.searchBatch(asked, k: k)
    #expect(try coded.searchBatch(asked, k: k) == expected)
    #expect(try coded.searchBatch(asked, k: k, threadCount: 3) == expected)
    for (query, hits) in zip(asked, expected) {
      #expect(try coded.search(query, k: k) == hits)
      #expect(try coded.searchBatch([query, query], k: k) == [hits, hits])
    }
  }

  @Test("An empty index finds nothing, and k decides how much comes back")
  func counts() throws {
    var index = try FlatIndex(dimension: 3, metric: .squaredEuclidean)
    #expect(try index.search([1, 2, 3], k: 5) == [])
    #expect(try index.searchBatch([Float](), k: 5) == [])
    try index.append([[1, 2, 3]], ids: [7])
    #expect(try index.search([1, 2, 3], k: 5) == [SearchHit(recordID: 7, distance: 0)])
    #expect(try index.search([1, 2, 3], k: 0) == [])
    try index.append([[1, 2, 4], [9, 9, 9]], ids: [8, 9])
    #expect(try index.search([1, 2, 3], k: 2).map(\.recordID) == [7, 8])
    #expect(try index.search([1, 2, 3], k: 1000).map(\.recordID) == [7, 8, 9])
  }

  @Test("Of equally near records the lowest ids come back", arguments: Metric.allCases)
  func ties(metric: Metric) throws {
    // Descending ids, so that places and ids disagree.
    let ids = (0..<5000).map { UInt64(10_000 - $0) }
    let equal = try FlatIndex(
      [[Float]](repeating: [0.3, -0.7, 0.1, 0.2, 0.9], count: 5000), metric: metric, ids: ids)
    let query: [Float] = [0.2, 0.4, -0.6, 0.8, 0.1]
    #expect(try equal.search(query, k: 20).map(\.recordID) == (0..<20).map { UInt64(5001 + $0) })
    #expect(
      try equal.searchBatch([[Float]](repeating: query, count: 5), k: 20)[4].map(\.recordID)
        == (0..<20).map { UInt64(5001 + $0) })
    // Four vectors, each a thousand times.
    let vectors = TestVectors(count: 4, dimension: 5, seed: 13)
    let rows = (0..<4000).map { vectors.row($0 % 4) }
    let repeated = try FlatIndex(rows, metric: metric)
    let plain = try FlatIndex(rows, metric: metric, keepsCodes: false)
    let hits = try repeated.search(query, k: 200)
    #expect(hits == (try plain.search(query, k: 200)))
    #expect(Set(hits.map(\.distance)).count == 1)
    #expect(zip(hits, hits.dropFirst()).allSatisfy { $1.recordID == $0.recordID + 4 })
  }

  @Test(
    "Magnitudes from 1e-30 to 1e15 change no hit", arguments: Metric.allCases,
    [1e-30, 1e-20, 1e-12, 1e-6, 1e6, 1e15] as [Float])
  func magnitudes(metric: Metric, magnitude: Float) throws {
    let (base, queries) = TestVectors(count: 404, dimension: 13, seed: 14).split(at: 400)
    for queryMagnitude in [1, magnitude] {
      let rows = (0..<400).map { base.row($0).map { $0 * magnitude / 10 } }
      let asked = (0..<4).map { queries.row($0).map { $0 * queryMagnitude / 10 } }
      let plain = try FlatIndex(rows, metric: metric, keepsCodes: false)
      let coded = try FlatIndex(rows, metric: metric)
      let expected = try plain.searchBatch(asked, k: 10)
      #expect(try coded.searchBatch(asked, k: 10) == expected)
      #expect(try asked.map { try coded.search($0, k: 10) } == expected)
    }
  }

  @Test("Rows of all magnitudes side by side change no hit", arguments: Metric.allCases)
  func mixedMagnitudes(metric: Metric) throws {
    let (base, queries) = TestVectors(count: 906, dimension: 11, seed: 15).split(at: 900)
    let scales: [Float] = [1e-36, 1e-25, 1e-18, 1e-9, 1e-3, 1, 1e3, 1e9, 1e14]
    let rows = (0..<900).map { row in base.row(row).map { $0 * scales[row * 7 % scales.count] } }
    let asked = scales.indices.map { place in queries.row(place % 6).map { $0 * scales[place] } }
    let expected = try FlatIndex(rows, metric: metric, keepsCodes: false).searchBatch(asked, k: 25)
    let coded = try FlatIndex(rows, metric: metric)
    #expect(try coded.searchBatch(asked, k: 25) == expected)
    #expect(try asked.map { try coded.search($0, k: 25) } == expected)
  }

  @Test("Far from the origin, where differences are small, hits are still exact")
  func offset() throws {
    let (base, queries) = TestVectors(count: 805, dimension: 8, seed: 16).split(at: 800)
    let rows = (0..<800).map { base.row($0).map { 10_000 + $0 } }
    for metric in Metric.allCases {
      let coded = try FlatIndex(rows, metric: metric)
      let plain = try FlatIndex(rows, metric: metric, keepsCodes: false)
      for query in (0..<5).map({ queries.row($0).map { 10_000 + $0 } }) {
        #expect(try coded.search(query, k: 10) == plain.search(query, k: 10))
      }
    }
  }

  @Test("Zero vectors and zero queries are allowed", arguments: Metric.allCases)
  func zeros(metric: Metric) throws {
    let base = TestVectors(count: 300, dimension: 9, seed: 17)
    let zero = [Float](repeating: 0, count: 9)
    let rows = (0..<300).map { $0 % 50 == 0 ? zero : base.row($0) }
    let coded = try FlatIndex(rows, metric: metric)
    let plain = try FlatIndex(rows, metric: metric, keepsCodes: false)
    #expect(try coded.search(zero, k: 10) == plain.search(zero, k: 10))
    #expect(try coded.search(base.row(1), k: 10) == plain.search(base.row(1), k: 10))
  }

  @Test("A filter is kept to, whether it allows few records or most", arguments: Metric.allCases)
  func filters(metric: Metric) throws {
    let (base, queries) = TestVectors(count: 1502, dimension: 6, seed: 18).split(at: 1500)
    let rows = (0..<1500).map(base.row)
    let index = try FlatIndex(rows, metric: metric)
    let vectors = Dictionary(uniqueKeysWithValues: rows.enumerated().map { (UInt64($0), $1) })
    let truth = FlatTruth(metric: metric, vectors: vectors)
    for step in [1, 2, 9, 100, 1499] {
      let allowed = Set(stride(from: UInt64(0), to: 1800, by: step))
      for query in (0..<2).map(queries.row) {
        let hits = try index.search(query, k: 15, filter: RecordFilter(Array(allowed)))
        truth.expect(hits, for: query, k: 15, allowed: allowed)
      }
    }
    #expect(try index.search(queries.row(0), k: 5, filter: RecordFilter([])) == [])
    #expect(try index.search(queries.row(0), k: 5, filter: RecordFilter([9_999])) == [])
  }
}
