import Benchmark
import CAllocationCount
import Vamana
import VectorMath

/// One search at a time of a segment, with its scratch memory warm.
func registerSearches() {
  var configuration = BenchmarkSize.searches
  configuration.metrics.append(BenchmarkSize.allocations)
  for (dimension, isFused) in BenchmarkSize.isSmoke
    ? [(32, true)] : [(128, true), (384, true), (384, false)]
  {
    let layout = isFused ? "fused" : "compact"
    Benchmark(
      "search \(BenchmarkSize.searchCount) x \(dimension), \(layout), L=40",
      configuration: configuration,
      closure: { benchmark, fixture in
        let scratch = fixture.scratch
        let query = fixture.query(benchmark.currentIteration)
        let before = allocation_count()
        benchmark.startMeasurement()
        for _ in benchmark.scaledIterations {
          try fixture.segment.search(
            query, parameters: SearchParameters(k: 10, listSize: 40), scratch: scratch)
        }
        benchmark.stopMeasurement()
        benchmark.measurement(BenchmarkSize.allocations, Int(allocation_count() - before))
        blackHole(scratch.hits)
      },
      setup: { try SearchFixture(dimension: dimension, isFused: isFused) })
  }
}

/// A segment, queries drawn like its rows, and scratch memory.
private final class SearchFixture {
  let segment: Segment
  let scratch = SearchScratch()
  private let rows: [Float]
  private let dimension: Int
  private let queryCount = 256

  init(dimension: Int, isFused: Bool) throws {
    var random = RandomRows(seed: 7)
    let count = BenchmarkSize.searchCount
    rows = random.clusteredRows(count + queryCount, dimension: dimension)
    self.dimension = dimension
    var configuration = VamanaConfiguration()
    configuration.isFused = isFused
    segment = try Segment(
      rows.withUnsafeBufferPointer {
        try SegmentBuilder.build(
          vectors: UnsafeBufferPointer(rebasing: $0[..<(count * dimension)]), dimension: dimension,
          recordIDs: (0..<UInt64(count)).map { $0 }, metric: .squaredEuclidean,
          configuration: configuration)
      })
  }

  /// - Returns: valid as long as the fixture: the array is not changed.
  func query(_ index: Int) -> UnsafeBufferPointer<Float> {
    let start = (rows.count / dimension - 1 - index % queryCount) * dimension
    // SAFETY: a row of an array that the fixture keeps and never changes.
    return rows.withUnsafeBufferPointer {
      UnsafeBufferPointer(rebasing: $0[start..<start + dimension])
    }
  }
}
