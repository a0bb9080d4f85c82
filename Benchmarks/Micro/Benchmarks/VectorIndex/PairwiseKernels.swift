import Benchmark
import VectorMath

/// Distances of 256 rows to each other: a leaf of a build. By bytes where the processor has the
/// instruction, and by floats on OpenBLAS (the matrix product alone).
func registerPairwiseKernels() {
  let count = 240
  for dimension in BenchmarkSize.dimensions {
    var configuration = BenchmarkSize.kernels
    configuration.scalingFactor = .one
    configuration.timeUnits = .microseconds
    if DistanceKernels.best.hasPairwise {
      Benchmark("pairwise bytes \(count) x \(count), d=\(dimension)", configuration: configuration)
      {
        benchmark in
        let columnGroup = DistanceKernels.pairwiseColumnCount
        let room = (count + columnGroup - 1) / columnGroup * columnGroup
        let kernels = DistanceKernels.best
        let rows = (0..<room * dimension).map { Int8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) }
        let ones = [Float](repeating: 1, count: room)
        let sums = [Int32](repeating: 0, count: room)
        var packed = [UInt8](repeating: 0, count: room * dimension)
        var out = [Float](repeating: 0, count: room * room)
        // SAFETY: every pointer is used inside the closure that lends it.
        rows.withUnsafeBufferPointer { rows in
          ones.withUnsafeBufferPointer { ones in
            sums.withUnsafeBufferPointer { sums in
              packed.withUnsafeMutableBufferPointer { packed in
                let all = PairwiseRows(
                  codes: rows.baseAddress!, packed: packed.baseAddress!,
                  scales: ones.baseAddress!, norms: ones.baseAddress!, sums: sums.baseAddress!)
                benchmark.startMeasurement()
                for _ in benchmark.scaledIterations {
                  kernels.packPairwise(
                    all.codes, count: count, columnCount: dimension, into: packed.baseAddress!)
                  kernels.pairwise(
                    all, range: 0..<count, with: all, count: count, byteCount: dimension,
                    into: &out, stride: room)
                }
                benchmark.stopMeasurement()
              }
            }
          }
        }
        blackHole(out)
      }
    }
    Benchmark("pairwise floats \(count) x \(count), d=\(dimension)", configuration: configuration) {
      benchmark in
      var random = RandomRows(seed: 4)
      let rows = random.floats(count * dimension)
      var out = [Float](repeating: 0, count: count * count)
      benchmark.startMeasurement()
      for _ in benchmark.scaledIterations {
        BLAS.multiplyTransposed(rows, rows, into: &out, m: count, n: count, k: dimension)
      }
      benchmark.stopMeasurement()
      blackHole(out)
    }
  }
}
