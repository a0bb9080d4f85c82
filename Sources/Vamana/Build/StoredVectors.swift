internal import VectorMath

/// The vectors as the index keeps them: of unit length for cosine, else as they came.
final class StoredVectors {
  // SAFETY: without a buffer of its own the matrix borrows the caller's memory for the build.
  let matrix: FloatMatrix
  private let buffer: FloatBuffer?

  /// - Parameter areStored: whether the vectors come from an index, which has scaled them.
  init(
    of base: UnsafePointer<Float>, count: Int, dimension: Int, metric: Metric, areStored: Bool
  ) {
    guard metric == .cosine, !areStored else {
      matrix = FloatMatrix(base: base, count: count, dimension: dimension)
      buffer = nil
      return
    }
    let buffer = FloatBuffer(count: count * dimension)
    buffer.base.update(from: base, count: count * dimension)
    for node in 0..<count {
      VectorValues.scaleToUnitLength(buffer.base + node * dimension, count: dimension)
    }
    matrix = FloatMatrix(base: buffer.base, count: count, dimension: dimension)
    self.buffer = buffer
  }
}
