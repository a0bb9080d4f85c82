import VectorMath

/// Random vectors and their codes.
struct CodeTable {
  let quantizer: ByteQuantizer
  let vectors: [Float]
  let rows: [UInt8]
  let low: [Int8]
  let count: Int

  init(rows count: Int, dimension: Int, metric: Metric, using generator: inout SeededGenerator) {
    self.count = count
    let quantizer = ByteQuantizer(
      metric: metric,
      center: (0..<dimension).map { _ in Float.random(in: -0.1...0.1, using: &generator) })
    let vectors = (0..<count * dimension).map { _ in Float.random(in: -1...1, using: &generator) }
    let stride = ByteQuantizer.rowStride(dimension: dimension)
    var rows = [UInt8](repeating: 0, count: count * stride)
    var low = [Int8](repeating: 0, count: count * dimension)
    rows.withUnsafeMutableBytes { bytes in
      vectors.withUnsafeBufferPointer { vectors in
        low.withUnsafeMutableBufferPointer { low in
          for row in 0..<count {
            quantizer.encode(
              vectors.baseAddress! + row * dimension, into: bytes.baseAddress! + row * stride,
              low: low.baseAddress! + row * dimension)
          }
        }
      }
    }
    self.quantizer = quantizer
    self.vectors = vectors
    self.rows = rows
    self.low = low
  }

  func distances(to query: [Float], kernels: DistanceKernels) -> [Float] {
    var codes = [Int8](repeating: 0, count: query.count)
    let (scale, sum) = quantizer.encode(query: query, into: &codes)
    var out = [Float](repeating: .nan, count: count)
    kernels.codeDistances(
      codes, scale: scale, sum: sum, rows,
      stride: ByteQuantizer.rowStride(dimension: query.count), ids: nil, count: count,
      dimension: query.count, into: &out)
    return out
  }

  /// Distances from both bytes of every component.
  func wideDistances(to query: [Float], kernels: DistanceKernels) -> [Float] {
    let euclidean = quantizer.metric == .squaredEuclidean
    let asked = euclidean ? zip(query, quantizer.center).map { $0 - $1 } : query
    var out = [Float](repeating: .nan, count: count)
    kernels.wideProducts(
      quantizer.metric, asked, rows,
      stride: ByteQuantizer.rowStride(dimension: query.count), low: low, lowStride: query.count,
      ids: nil, count: count, dimension: query.count, into: &out)
    if euclidean { return out }
    let constant = zip(query, quantizer.center).reduce(0) { $0 + $1.0 * $1.1 }
    return out.map { -($0 + constant) }
  }
}
