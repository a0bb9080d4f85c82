internal import VectorMath

/// The vectors of a build as signed bytes, each with a scale of its own.
///
/// A graph is built on these instead of the floats: a processor with byte products computes all
/// distances of a leaf four to eight times as fast, and a row is a quarter of the bytes to gather. The
/// distances are exact for the rounded vectors, which stand within half a percent of the true ones; that
/// moves no neighbour that matters.
///
/// A row is a ``ByteQuantizer`` row for squared Euclidean distances, whose constant is the squared length
/// of the rounded vector.
final class ByteRows: @unchecked Sendable {
  // SAFETY: each worker writes rows of its own in `init`; read-only afterwards.
  let base: UnsafeMutablePointer<UInt8>
  let stride: Int
  let count: Int
  let dimension: Int
  /// What one step of a row's codes is worth, the squared length of the row, the sum of its codes.
  let scales: FloatBuffer
  let norms: FloatBuffer
  let sums: UnsafeMutablePointer<Int32>

  /// Codes of a row, rounded up to whole groups of 4; the rest are zero.
  var columnCount: Int { (dimension + 3) / 4 * 4 }

  init(of matrix: FloatMatrix, center: [Float], workers: Workers) {
    count = matrix.count
    dimension = matrix.dimension
    stride = (ByteQuantizer.rowHeaderBytes + (matrix.dimension + 3) / 4 * 4 + 63) / 64 * 64
    base = UnsafeMutableRawPointer.allocate(byteCount: max(64, count * stride), alignment: 64)
      .assumingMemoryBound(to: UInt8.self)
    scales = FloatBuffer(count: count)
    norms = FloatBuffer(count: count)
    sums = .allocate(capacity: max(1, count))
    let quantizer = ByteQuantizer(metric: .squaredEuclidean, center: center)
    let rowsAPiece = 1024
    let rowCount = count
    workers.run(pieces: (rowCount + rowsAPiece - 1) / rowsAPiece) { piece, _ in
      for row in piece * rowsAPiece..<min(rowCount, (piece + 1) * rowsAPiece) {
        encode(matrix.row(row), to: row, by: quantizer)
      }
    }
  }

  private func encode(_ vector: UnsafePointer<Float>, to index: Int, by quantizer: ByteQuantizer) {
    let row = UnsafeMutableRawPointer(base + index * stride)
    let codes = base + index * stride + ByteQuantizer.rowHeaderBytes
    quantizer.encode(vector, into: row)
    for column in dimension..<stride - ByteQuantizer.rowHeaderBytes { codes[column] = 128 }
    var sum: Int32 = 0
    var squares: Int32 = 0
    for column in 0..<dimension {
      let code = Int32(codes[column]) &- 128
      sum &+= code
      squares &+= code &* code
    }
    let scale = row.load(fromByteOffset: 4, as: Float.self) / -2
    scales.base[index] = scale
    sums[index] = sum
    norms.base[index] = scale * scale * Float(squares)
    row.storeBytes(of: norms.base[index], as: Float.self)
  }

  deinit {
    base.deallocate()
    sums.deallocate()
  }

  /// The codes of a row: `columnCount` of them, 128 for zero.
  @inline(__always)
  func codes(of row: Int) -> UnsafePointer<UInt8> {
    UnsafePointer(base + row * stride + ByteQuantizer.rowHeaderBytes)
  }
}
