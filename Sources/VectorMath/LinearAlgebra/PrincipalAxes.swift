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
    of rows: UnsafePointer<Float>, count: Int, dimension: Int, center: [Float], workers: Workers
  ) {
    // Nothing gives it up.
    self.init(
      of: rows, count: count, dimension: dimension, center: center, workers: workers,
      isCancelled: { false })!
  }

  /// As ``init(of:count:dimension:center:workers:)``, unless it is given up on the way.
  ///
  /// - Parameter isCancelled: asked every thousand rows, and before the eigenvectors, which take as long as a few
  ///   thousand rows do.
  /// - Returns: nil where it was given up.
  public init?(
    of rows: UnsafePointer<Float>, count: Int, dimension: Int, center: [Float], workers: Workers,
    isCancelled: @Sendable () -> Bool
  ) {
    self.dimension = dimension
    guard dimension <= Self.rotatedDimensionMax else {
      axes = Self.coordinateAxes(of: rows, count: count, dimension: dimension, center: center)
      return
    }
    let covariance = Self.covariance(
      of: rows, count: count, dimension: dimension, center: center, workers: workers,
      isCancelled: isCancelled)
    if isCancelled() { return nil }
    axes = Self.eigenvectors(of: covariance, dimension: dimension)
  }

  /// Parts of the rows whose covariances are computed at once and added in order, so that the sum does not
  /// depend on the number of threads.
  private static let partCount = 4
  private static let blockRows = 1024

  /// The lower triangle, as LAPACK calls it.
  private static func covariance(
    of rows: UnsafePointer<Float>, count: Int, dimension: Int, center: [Float], workers: Workers,
    isCancelled: @Sendable () -> Bool
  ) -> [Float] {
    let size = dimension * dimension
    let scale = 1 / Float(max(1, count))
    var parts = [Float](repeating: 0, count: partCount * size)
    parts.withUnsafeMutableBufferPointer { parts in
      // SAFETY: each part writes its own matrix, and reads of the `count` rows that the caller vouches for.
      nonisolated(unsafe) let base = parts.baseAddress!
      nonisolated(unsafe) let rows = rows
      workers.run(pieces: partCount) { part, _ in
        var block = [Float](repeating: 0, count: blockRows * dimension)
        let end = (part + 1) * count / partCount
        for start in stride(from: part * count / partCount, to: end, by: blockRows) {
          if isCancelled() { return }
          let height = min(blockRows, end - start)
          block.withUnsafeMutableBufferPointer { block in
            for row in 0..<height {
              let source = rows + (start + row) * dimension
              let out = block.baseAddress! + row * dimension
              for axis in 0..<dimension { out[axis] = source[axis] - center[axis] }
            }
          }
          BLAS.addGram(
            of: block, into: base + part * size, rowCount: height, columnCount: dimension,
            scale: scale)
        }
      }
      for part in 1..<partCount {
        for index in 0..<size { base[index] += base[part * size + index] }
      }
    }
    return Array(parts.prefix(size))
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
