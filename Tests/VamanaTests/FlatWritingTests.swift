import Testing
import Vamana
import VectorMath

@Suite("Writing to the flat index")
struct FlatWritingTests {
  @Test("What is refused changes nothing, and the error says why")
  func refusals() throws {
    var index = try FlatIndex([[1, 2], [3, 4]], metric: .squaredEuclidean, ids: [5, 9])
    #expect(throws: VamanaError.dimensionMismatch(got: 3, expected: 2)) {
      try index.append([[1, 2, 3]], ids: [10])
    }
    for (values, ids, error) in [
      ([1, 2], [10, 11], .countMismatch(vectors: 1, recordIDs: 2)),
      ([1, 2, 3, 4], [10], .countMismatch(vectors: 2, recordIDs: 1)),
      ([1, 2], [], .countMismatch(vectors: 1, recordIDs: 0)),
      ([1, 2, 3, 4, 5], [10, 11], .dimensionMismatch(got: 1, expected: 2)),
    ] as [([Float], [UInt64], VamanaError)] {
      #expect(throws: error) { try index.append(values, recordIDs: ids) }
    }
    #expect(throws: VamanaError.dimensionMismatch(got: 4, expected: 2)) {
      try index.append([1, 2, 3, 4], recordID: 10)
    }
    for bad in [Float.nan, .infinity, -.infinity, 1e30] {
      #expect(throws: VamanaError.notFinite(row: 1)) {
        try index.append([[1, 2], [bad, 0]], ids: [10, 11])
      }
      #expect(throws: VamanaError.notFinite(row: 0)) { try index.search([0, bad], k: 1) }
      #expect(throws: VamanaError.notFinite(row: 1)) {
        try index.searchBatch([[0, 0], [0, bad]], k: 1)
      }
    }
    let duplicates: [([UInt64], UInt64)] = [
      ([10, 9], 9), ([5, 10], 5), ([10, 10], 10), ([12, 11, 12], 12),
    ]
    for (ids, duplicate) in duplicates {
      let rows = [[Float]](repeating: [0, 0], count: ids.count)
      #expect(throws: VamanaError.duplicateRecordID(duplicate)) {
        try index.append(rows, ids: ids)
      }
    }
    #expect(throws: VamanaError.dimensionMismatch(got: 1, expected: 2)) {
      try index.search([1], k: 1)
    }
    #expect(throws: VamanaError.dimensionMismatch(got: 1, expected: 2)) {
      try index.searchBatch([[1, 2], [3]], k: 1)
    }
    #expect(index.recordIDs == [5, 9])
    #expect(try index.search([3, 4], k: 1).map(\.recordID) == [9])
  }

  @Test("The example of the documentation prints what it says")
  func example() throws {
    var index = try FlatIndex(dimension: 2, metric: .squaredEuclidean)
    try index.append([0, 0, 1, 1, 5, 5], recordIDs: [1, 2, 3])
    index.remove([2])
    let lines = try index.search([1, 1], k: 2).map { "\($0.recordID) \($0.distance)" }
    #expect(lines == ["1 2.0", "3 32.0"])
  }

  @Test("A dimension that no vector has is refused")
  func dimensions() throws {
    for dimension in [0, -1, 65_537] {
      #expect(
        throws: VamanaError.invalidConfiguration(
          field: "dimension", value: "\(dimension)", expected: "1 to 65536")
      ) {
        try FlatIndex(dimension: dimension, metric: .cosine)
      }
    }
  }

  @Test("Random appends and removals leave what a dictionary holds", arguments: Metric.allCases)
  func model(metric: Metric) throws {
    let seed: UInt64 = 21
    var generator = SeededGenerator(seed: seed)
    let dimension = 5
    let vectors = TestVectors(count: 1500, dimension: dimension, seed: seed)
    var index = try FlatIndex(dimension: dimension, metric: metric)
    var model: [UInt64: [Float]] = [:]
    var next = 0
    for step in 0..<60 {
      if Int.random(in: 0..<3, using: &generator) > 0, next < 1300 {
        let count = Int.random(in: 1...(step % 7 == 0 ? 100 : 10), using: &generator)
        // Ids ascend at first, later they come in any order.
        let ids = (0..<count).map { offset in
          step < 10 ? UInt64(next + offset) : UInt64(next + offset) &* 0x9E37_79B9_7F4A_7C15
        }
        let rows = (0..<count).map { vectors.row(next + $0) }
        try index.append(rows, ids: ids, threadCount: 2)
        for (id, row) in zip(ids, rows) { model[id] = row }
        next += count
      } else {
        let gone = Array(model.keys.sorted().shuffled(using: &generator).prefix(step))
        #expect(index.remove(gone + [UInt64.max]) == gone.count, "seed \(seed)")
        for id in gone { model[id] = nil }
      }
      #expect(index.count == model.count, "seed \(seed), step \(step)")
      let query = vectors.row(1430 + step)
      FlatTruth(metric: metric, vectors: model).expect(
        try index.search(query, k: 7), for: query, k: 7)
    }
    #expect(Set(index.recordIDs) == Set(model.keys))
    for (id, row) in model.prefix(50) {
      #expect(index.contains(id))
      if metric != .cosine { #expect(index.vector(of: id) == row) }
    }
    #expect(index.remove(Array(model.keys)) == model.count)
    #expect(index.count == 0 && index.byteCount == 0)
    try index.append([vectors.row(0)], ids: [3])
    #expect(try index.search(vectors.row(0), k: 2).map(\.recordID) == [3])
  }

  @Test("Rows appended one by one give the hits of rows appended at once, over several chunks")
  func oneByOne() throws {
    let vectors = TestVectors(count: 4500, dimension: 6, seed: 22)
    let rows = (0..<4500).map(vectors.row)
    var grown = try FlatIndex(dimension: 6, metric: .cosine)
    for (id, row) in rows.enumerated() { try grown.append([row], ids: [UInt64(id)]) }
    let whole = try FlatIndex(rows, metric: .cosine)
    let queries = (0..<5).map { vectors.row($0 * 800).map { $0 + 0.1 } }
    #expect(try grown.searchBatch(queries, k: 12) == whole.searchBatch(queries, k: 12))
    #expect(grown.recordIDs == whole.recordIDs)
    #expect(grown.vector(at: 4321) == whole.vector(at: 4321))
  }

  @Test("A copy keeps what it held while the other is changed")
  func copies() throws {
    let vectors = TestVectors(count: 5000, dimension: 4, seed: 23)
    let rows = (0..<5000).map(vectors.row)
    var index = try FlatIndex(Array(rows[..<4200]), metric: .squaredEuclidean)
    let copy = index
    let query = vectors.row(77)
    let before = try copy.search(query, k: 9)
    index.remove(before.map(\.recordID))
    try index.append(Array(rows[4200...]), ids: (4200..<5000).map(UInt64.init))
    #expect(try copy.search(query, k: 9) == before)
    #expect(copy.count == 4200 && index.count == 4991)
    let after = try index.search(query, k: 9)
    #expect(Set(after.map(\.recordID)).isDisjoint(with: before.map(\.recordID)))
  }
}
