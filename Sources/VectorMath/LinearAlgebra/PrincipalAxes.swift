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
    guard dimension <= Self.rotatedDimensionMax else {
      axes = Self.coordinateAxes(of: rows, count: count, dimension: dimension, center: center)
      return
    }
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

  /// Beyond this the axes are the coordinates themselves: eigenvectors take time with the cube of the
  /// dimension and memory with its square.
  private static let rotatedDimensionMax = 2048

  /// The unit vectors, that of the coordinate of the greatest variance first; only as many as a code has
  /// use for.
  private static func coordinateAxes(
    of rows: UnsafePointer<Float>, count: Int, dimension: Int, center: [Float]
  ) -> [Float] {
    var squares = [Float](repeating: 0, count: dimension)
    for row in 0..<count {
      let source = rows + row * dimension
      for axis in 0..<dimension {
        squares[axis] += (source[axis] - center[axis]) * (source[axis] - center[axis])
      }
    }
    var axes = [Float](repeating: 0, count: dimension * dimension)
    let order = squares.indices.sorted { squares[$0] > squares[$1] }
    for (axis, coordinate) in order.enumerated() { axes[axis * dimension + coordinate] = 1 }
    return axes
  }

  /// The eigenvectors of a symmetric matrix as rows, the greatest eigenvalue first; the unit vectors if
  /// LAPACK finds none.
  private static func eigenvectors(of matrix: [Float], dimension: Int) -> [Float] {
    var vectors = matrix
    var values = [Float](repeating: 0, count: dimension)
    var n = Int32(dimension)
    // As LAPACK's documentation asks; its own answer comes as a float, which rounds it down.
    var workCount = Int32(1 + 6 * dimension + 2 * dimension * dimension)
    var integerWorkCount = Int32(3 + 5 * dimension)
    var info: Int32 = 0
    var work = [Float](repeating: 0, count: Int(workCount))
    var integerWork = [Int32](repeating: 0, count: Int(integerWorkCount))
    ssyevd_(
      "V", "L", &n, &vectors, &n, &values, &work, &workCount, &integerWork, &integerWorkCount,
      &info)
    guard info == 0 else {
      return (0..<dimension * dimension).map { $0 / dimension == $0 % dimension ? 1 : 0 }
    }
    // LAPACK's columns are our rows, in ascending order of their eigenvalues.
    return (0..<dimension).flatMap { axis in
      vectors[(dimension - 1 - axis) * dimension..<(dimension - axis) * dimension]
    }
  }
}
