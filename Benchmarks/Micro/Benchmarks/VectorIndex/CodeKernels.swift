import Benchmark
import VectorMath

/// Distances on byte codes, and on both bytes of every component.
func registerCodeKernels() {
  for dimension in BenchmarkSize.dimensions {
    Benchmark("u8 codes d=\(dimension), 32 rows", configuration: BenchmarkSize.kernels) {
      benchmark in
      let table = CodeRows(dimension: dimension)
      var codes = [Int8](repeating: 0, count: dimension)
      let (scale, sum) = table.quantizer.encode(query: table.query, into: &codes)
      var out = [Float](repeating: 0, count: rowsACall)
      let kernels = DistanceKernels.best
      benchmark.startMeasurement()
      for _ in benchmark.scaledIterations {
        kernels.codeDistances(
          codes, scale: scale, sum: sum, table.rows, stride: table.stride, ids: table.ids,
          count: rowsACall, dimension: dimension, into: &out)
      }
      benchmark.stopMeasurement()
      blackHole(out)
    }

    Benchmark("u16 exact d=\(dimension), 32 rows", configuration: BenchmarkSize.kernels) {
      benchmark in
      let table = CodeRows(dimension: dimension)
      var out = [Float](repeating: 0, count: rowsACall)
      let kernels = DistanceKernels.best
      benchmark.startMeasurement()
      for _ in benchmark.scaledIterations {
        kernels.wideProducts(
          .squaredEuclidean, table.query, table.rows, stride: table.stride, low: table.low,
          lowStride: dimension, ids: table.ids, count: rowsACall, dimension: dimension, into: &out)
      }
      benchmark.stopMeasurement()
      blackHole(out)
    }

    Benchmark("encode query d=\(dimension)", configuration: BenchmarkSize.kernels) { benchmark in
      let table = CodeRows(dimension: dimension)
      var codes = [Int8](repeating: 0, count: dimension)
      benchmark.startMeasurement()
      for _ in benchmark.scaledIterations {
        blackHole(table.quantizer.encode(query: table.query, into: &codes))
      }
      benchmark.stopMeasurement()
      blackHole(codes)
    }
  }
}

/// Rows of codes and a query.
private struct CodeRows {
  let quantizer: ByteQuantizer
  let query: [Float]
  let rows: [UInt8]
  let low: [Int8]
  let stride: Int
  let ids: [UInt32]

  init(dimension: Int) {
    var random = RandomRows(seed: 2)
    let count = 64
    let quantizer = ByteQuantizer(
      metric: .squaredEuclidean, center: [Float](repeating: 0, count: dimension))
    let stride = ByteQuantizer.rowStride(dimension: dimension)
    var rows = [UInt8](repeating: 0, count: count * stride)
    var low = [Int8](repeating: 0, count: count * dimension)
    rows.withUnsafeMutableBytes { rows in
      low.withUnsafeMutableBufferPointer { low in
        for row in 0..<count {
          quantizer.encode(
            random.floats(dimension), into: rows.baseAddress! + row * stride,
            low: low.baseAddress! + row * dimension)
        }
      }
    }
    query = random.floats(dimension)
    ids = random.ids(rowsACall, below: count)
    self.quantizer = quantizer
    self.rows = rows
    self.low = low
    self.stride = stride
  }
}
