/// A rotation to a few principal axes, with a matrix of signed bytes: what a query can afford.
///
/// Row j of the matrix is axis j in steps of `scales[j]`. Indexed vectors are rotated with the same
/// rounded matrix, so that its rounding does not come between them and a query.
public struct AxisRotation: @unchecked Sendable {
  // SAFETY: `matrix` has `axisCount · columnCount` bytes that outlive the value, kept by `owner`.
  /// A multiple of 16.
  public let axisCount: Int
  public let dimension: Int
  private let matrix: UnsafePointer<Int8>
  private let owner: AnyObject?
  /// What one step of each axis' row is worth.
  public let scales: [Float]
  /// Subtracted from a rotated query: the rotated centre, or zeros where queries come centred.
  private let shifts: [Float]
  /// 128 · the sum of each row: queries are offset by 128 to make them unsigned.
  private let biases: [Float]

  /// Columns of the matrix: the dimension, rounded up to whole groups of 4.
  static func columnCount(dimension: Int) -> Int { (dimension + 3) / 4 * 4 }

  /// Bytes of the matrix.
  public static func matrixByteCount(axisCount: Int, dimension: Int) -> Int {
    axisCount * columnCount(dimension: dimension)
  }

  /// Rounds `axes` (rows of `dimension` floats, at least `axisCount` of them or all there are) to a
  /// matrix in `matrix`.
  ///
  /// - Returns: the scales.
  public static func write(
    axes: [Float], axisCount: Int, dimension: Int, into matrix: UnsafeMutablePointer<Int8>
  ) -> [Float] {
    let columns = columnCount(dimension: dimension)
    // SAFETY: the caller vouches for `matrixByteCount` bytes.
    matrix.update(repeating: 0, count: axisCount * columns)
    return (0..<axisCount).map { axis in
      guard axis * dimension < axes.count else { return 0 }
      let row = axes[axis * dimension..<(axis + 1) * dimension]
      let largest = row.reduce(0) { max($0, abs($1)) }
      guard largest > 0 else { return 0 }
      let base = matrix + axis / 16 * 16 * columns + axis % 16 * 4
      for (column, value) in row.enumerated() {
        base[column / 4 * 64 + column % 4] = Int8((value / largest * 127).rounded())
      }
      return largest / 127
    }
  }

  /// - Parameters:
  ///   - matrix: as ``write(axes:axisCount:dimension:into:)`` left it.
  ///   - owner: kept alive to keep `matrix` valid.
  ///   - center: the point that queries are to be centred on, or nil if they come centred.
  public init(
    matrix: UnsafePointer<Int8>, owner: AnyObject?, axisCount: Int, dimension: Int,
    scales: [Float], center: [Float]?
  ) {
    self.matrix = matrix
    self.owner = owner
    self.axisCount = axisCount
    self.dimension = dimension
    self.scales = scales
    let columns = Self.columnCount(dimension: dimension)
    var sums = [Int32](repeating: 0, count: axisCount)
    var shifts = [Float](repeating: 0, count: axisCount)
    for axis in 0..<axisCount {
      let base = matrix + axis / 16 * 16 * columns + axis % 16 * 4
      var shift: Float = 0
      for column in 0..<dimension {
        let value = base[column / 4 * 64 + column % 4]
        sums[axis] += Int32(value)
        if let center { shift += Float(value) * center[column] }
      }
      shifts[axis] = shift * scales[axis]
    }
    self.shifts = shifts
    biases = sums.map { 128 * Float($0) }
  }

  /// Rows of the rounded matrix as floats, for rotating many vectors in one matrix product.
  public func floatRows() -> [Float] {
    let columns = Self.columnCount(dimension: dimension)
    var rows = [Float](repeating: 0, count: axisCount * dimension)
    for axis in 0..<axisCount {
      let base = matrix + axis / 16 * 16 * columns + axis % 16 * 4
      for column in 0..<dimension {
        rows[axis * dimension + column] = scales[axis] * Float(base[column / 4 * 64 + column % 4])
      }
    }
    return rows
  }

  /// Rotates a query that has been scaled to signed bytes.
  ///
  /// - Parameters:
  ///   - codes: `dimension` bytes, each worth `scale`.
  ///   - unsigned: scratch for the dimension rounded up to 4.
  ///   - products: scratch for `axisCount` integers.
  ///   - out: receives `axisCount` floats.
  /// - Complexity: `axisCount · dimension` multiply-adds of bytes.
  public func rotate(
    _ codes: UnsafePointer<Int8>, scale: Float, unsigned: UnsafeMutablePointer<UInt8>,
    products: UnsafeMutablePointer<Int32>, into out: UnsafeMutablePointer<Float>,
    kernels: DistanceKernels
  ) {
    // SAFETY: the caller vouches for the sizes above.
    let columns = Self.columnCount(dimension: dimension)
    for column in 0..<dimension { unsigned[column] = UInt8(bitPattern: codes[column]) ^ 0x80 }
    for column in dimension..<columns { unsigned[column] = 0 }
    kernels.multiply(
      matrix, unsigned, blockCount: axisCount / 16, columnCount: columns, into: products)
    scales.withUnsafeBufferPointer { scales in
      shifts.withUnsafeBufferPointer { shifts in
        biases.withUnsafeBufferPointer { biases in
          for axis in 0..<axisCount {
            out[axis] =
              (Float(products[axis]) - biases[axis]) * (scales[axis] * scale) - shifts[axis]
          }
        }
      }
    }
  }
}
