internal import VectorMath

/// What the distances of a build are computed from.
struct DistanceSource: Sendable {
  let matrix: FloatMatrix
  /// Squared length of each row of the matrix.
  let norms: FloatBuffer
  let bytes: ByteRows

  init(of matrix: FloatMatrix, workers: Workers) {
    self.matrix = matrix
    norms = matrix.squaredNorms()
    bytes = ByteRows(of: matrix, center: matrix.mean(), workers: workers)
  }
}
