import Testing
import VectorMath

@testable import Vamana

@Suite("Many queries at once")
struct QueryBatchTests {
  @Test(
    "A batch finds what single searches find, whatever its size, k and the number of threads",
    arguments: [1, 2, 37, 600], [true, false])
  func sameAsSingle(count: Int, isFused: Bool) throws {
    let seed: UInt64 = 0xba7c4
    print("seed \(seed)")
    let (base, queries) = TestVectors(count: count + 200, dimension: 24, seed: seed)
      .split(at: count)
    var configuration = VamanaConfiguration()
    configuration.isFused = isFused
    let segment = try Segment(base.build(metric: .cosine, configuration: configuration))
    let settings = [
      SearchParameters(), SearchParameters(k: 1, listSize: 1), SearchParameters(k: 3, listSize: 5),
      SearchParameters(k: 900, listSize: 900),
    ]
    for parameters in settings {
      let single = try (0..<queries.count).map {
        try segment.search(queries.row($0), parameters: parameters)
      }
      for queryCount in [0, 1, 2, 3, 4, 65, 200] {
        for threadCount in [1, 2] {
          let batch = try queries.values.withUnsafeBufferPointer {
            try segment.searchBatch(
              UnsafeBufferPointer(rebasing: $0[..<(queryCount * 24)]), parameters: parameters,
              threadCount: threadCount)
          }
          #expect(batch == Array(single.prefix(queryCount)))
        }
      }
    }
  }
}
