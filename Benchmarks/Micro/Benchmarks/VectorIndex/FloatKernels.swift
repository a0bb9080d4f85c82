import Benchmark
import VectorMath

/// Rows that a call of a kernel scores: as many as a node has neighbours.
let rowsACall = 32

/// Distances of floats, rows named by id within a matrix that stays in the second-level cache.
func registerFloatKernels() {
  for dimension in BenchmarkSize.dimensions {
    for metric in [Metric.innerProduct, .squaredEuclidean] {
      Benchmark("f32 \(metric) d=\(dimension), 32 rows", configuration: BenchmarkSize.kernels) {
        benchmark in
        var random = RandomRows(seed: 1)
        let rowCount = 64
        let query = random.floats(dimension)
        let matrix = random.floats(rowCount * dimension)
        let ids = random.ids(rowsACall, below: rowCount)
        var out = [Float](repeating: 0, count: rowsACall)
        let kernels = DistanceKernels.best
        benchmark.startMeasurement()
        for _ in benchmark.scaledIterations {
          kernels.distances(
            metric, query, matrix, stride: dimension, ids: ids, count: rowsACall,
            dimension: dimension, into: &out)
        }
        benchmark.stopMeasurement()
        blackHole(out)
      }
    }
  }
}
