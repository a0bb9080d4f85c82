/// Vectors as one byte a dimension: centred on their mean, with a scale of their own.
///
/// A row of codes is `{ Float a, Float b, UInt8 codes[dimension] }`, so that the distance to a query of
/// signed bytes u is `a + b · queryScale · Σ uᵢ (codeᵢ − 128)`: one integer dot product. It equals the
/// true distance up to rounding and a constant that is the same for all rows of one query, so it ranks.
public struct ByteQuantizer: Sendable {
  public let metric: Metric
  /// Subtracted from every vector; `dimension` floats.
  public let center: [Float]

  public var dimension: Int { center.count }

  /// Bytes before the codes of a row.
  public static let rowHeaderBytes = 8

  /// Bytes from one row to the next: whole cache lines, so that no row shares one with its
  /// neighbour.
  public static func rowStride(dimension: Int) -> Int {
    (rowHeaderBytes + dimension + 63) / 64 * 64
  }

  public init(metric: Metric, center: [Float]) {
    self.metric = metric
    self.center = center
  }

  /// Writes the codes of `vector` (`dimension` usable floats, see ``VectorValues``) to `row` (a whole
  /// row, header included).
  public func encode(_ vector: UnsafePointer<Float>, into row: UnsafeMutableRawPointer) {
    // SAFETY: the caller vouches for `dimension` floats and a row of `rowStride(dimension:)` bytes.
    var largest: Float = 0
    var squaredNorm: Float = 0
    for index in 0..<dimension {
      let value = vector[index] - center[index]
      largest = max(largest, abs(value))
      squaredNorm += value * value
    }
    let scale = largest / 127
    let inverse = Self.inverse(of: scale)
    let codes = row.advanced(by: Self.rowHeaderBytes)
    for index in 0..<dimension {
      let value = ((vector[index] - center[index]) * inverse).rounded()
      codes.storeBytes(
        of: UInt8(Int(max(-127, min(127, value))) + 128), toByteOffset: index, as: UInt8.self)
    }
    let euclidean = metric == .squaredEuclidean
    row.storeBytes(of: euclidean ? squaredNorm : 0, as: Float.self)
    row.storeBytes(of: euclidean ? -2 * scale : -scale, toByteOffset: 4, as: Float.self)
  }

  /// One over `scale`; 0 where that leaves the range of single precision: such a vector is zero as far
  /// as codes can tell.
  private static func inverse(of scale: Float) -> Float {
    let inverse = 1 / scale
    return inverse.isFinite ? inverse : 0
  }

  /// Writes the signed bytes of `query` (`dimension` usable floats) to `out`.
  ///
  /// - Returns: the query's scale and the sum of its bytes, which the kernel needs.
  public func encode(
    query: UnsafePointer<Float>, into out: UnsafeMutablePointer<Int8>
  ) -> (scale: Float, sum: Int32) {
    // A dot product needs the rows centred, not the query: q·x = q·center + q·(x − center), and the
    // first term is the same for all rows.
    let centred = metric == .squaredEuclidean
    return center.withUnsafeBufferPointer { center in
      // SAFETY: the caller vouches for `dimension` floats and as many bytes.
      var largest: Float = 0
      for index in 0..<center.count {
        largest = max(largest, abs(centred ? query[index] - center[index] : query[index]))
      }
      let scale = largest / 127
      let inverse = Self.inverse(of: scale)
      var sum: Int32 = 0
      for index in 0..<center.count {
        let value = centred ? query[index] - center[index] : query[index]
        let code = Int8(max(-127, min(127, (value * inverse).rounded())))
        out[index] = code
        sum &+= Int32(code)
      }
      return (scale, sum)
    }
  }
}
