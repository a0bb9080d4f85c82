internal import COpenBLAS

/// The directions in which vectors vary most, by the eigenvectors of their covariance.
public struct PrincipalAxes: Sendable {
  public let dimension: Int
  /// `dimension` unit rows of `dimension` floats, the axis of the greatest variance first.
  public let axes: [Float]

  /// - Parameters:
  ///   - rows: `count` rows of `dimension` floats.
  ///   - center: subtracted from every row; `dimension` floats.
  /// - Complexity: count · dimension² multiply-adds in matrix products, and O(dimension³).
  public init(
    of rows: UnsafePointer<Float>, count: Int, dimension: Int, center: [Float]
  ) {
    self.dimension = dimension
    var covariance = [Float](repeating: 0, count: dimension * dimension)
    let blockRows = 1024
    var block = [Float](repeating: 0, count: blockRows * dimension)
    // SAFETY: the caller vouches for `count` rows; blocks are no longer than the buffer.
    for start in stride(from: 0, to: count, by: blockRows) {
      let height = min(blockRows, count - start)
      block.withUnsafeMutableBufferPointer { block in
        for row in 0..<height {
          let source = rows + (start + row) * dimension
          let out = block.baseAddress! + row * dimension
          for axis in 0..<dimension { out[axis] = source[axis] - center[axis] }
        }
      }
      BLAS.addGram(
        of: block, into: &covariance, rowCount: height, columnCount: dimension,
        scale: 1 / Float(max(1, count)))
    }
    axes = Self.eigenvectors(of: covariance, dimension: dimension)
  }

  /// The eigenvectors of a symmetric matrix as rows, the greatest eigenvalue first; the unit vectors if
  /// LAPACK finds none.
  private static func eigenvectors(of matrix: [Float], dimension: Int) -> [Float] {
    var vectors = matrix
    var values = [Float](repeating: 0, count: dimension)
    var n = Int32(dimension)
    var workCount: Int32 = -1
    var integerWorkCount: Int32 = -1
    var info: Int32 = 0
    var work: [Float] = [0]
    var integerWork: [Int32] = [0]
    // The first call asks how much memory the second needs.
    for _ in 0..<2 {
      ssyevd_(
        "V", "L", &n, &vectors, &n, &values, &work, &workCount, &integerWork, &integerWorkCount,
        &info)
      guard info == 0 else { break }
      if workCount < 0 {
        workCount = Int32(work[0])
        integerWorkCount = integerWork[0]
        work = [Float](repeating: 0, count: Int(workCount))
        integerWork = [Int32](repeating: 0, count: Int(integerWorkCount))
      }
    }
    guard info == 0 else {
      return (0..<dimension * dimension).map { $0 / dimension == $0 % dimension ? 1 : 0 }
    }
    // LAPACK's columns are our rows, in ascending order of their eigenvalues.
    return (0..<dimension).flatMap { axis in
      vectors[(dimension - 1 - axis) * dimension..<(dimension - axis) * dimension]
    }
  }
}
