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

  /// Steps of the low byte in half the range of a row: the high byte stays within 1…255.
  private static let wideMax: Float = 127 * 256 + 127

  /// Writes the codes of `vector` (`dimension` usable floats, see ``VectorValues``) to `row` (header
  /// included), and what they leave over to `low`: a signed byte an axis, in steps of 1/256 of a code.
  ///
  /// High and low bytes together give every component to within 1/65,000 of the largest.
  public func encode(
    _ vector: UnsafePointer<Float>, into row: UnsafeMutableRawPointer,
    low: UnsafeMutablePointer<Int8>? = nil
  ) {
    // SAFETY: the caller vouches for `dimension` floats and a row of `rowStride(dimension:)` bytes; whole
    // vectors of 8 end before the last value.
    let whole = dimension / 8 * 8
    var (largest, squaredNorm) = (Float(0), Float(0))
    let codes = row.advanced(by: Self.rowHeaderBytes)
    let scale = center.withUnsafeBufferPointer { center in
      func centred(_ index: Int) -> SIMD8<Float> {
        UnsafeRawPointer(vector + index).loadUnaligned(as: SIMD8<Float>.self)
          - UnsafeRawPointer(center.baseAddress! + index).loadUnaligned(as: SIMD8<Float>.self)
      }
      var (least, most, squares) = (SIMD8<Float>(), SIMD8<Float>(), SIMD8<Float>())
      for index in stride(from: 0, to: whole, by: 8) {
        let value = centred(index)
        least.replace(with: value, where: value .< least)
        most.replace(with: value, where: value .> most)
        squares += value * value
      }
      largest = max(most.max(), -least.min())
      squaredNorm = squares.sum()
      for index in whole..<dimension {
        let value = vector[index] - center[index]
        largest = max(largest, abs(value))
        squaredNorm += value * value
      }
      let inverse = Self.inverse(of: largest / Self.wideMax)
      for index in stride(from: 0, to: whole, by: 8) {
        let (high, lower) = Self.bytes(of: centred(index) * inverse)
        codes.storeBytes(of: high, toByteOffset: index, as: SIMD8<UInt8>.self)
        if let low {
          UnsafeMutableRawPointer(low + index).storeBytes(of: lower, as: SIMD8<Int8>.self)
        }
      }
      for index in whole..<dimension {
        let value = (vector[index] - center[index]) * inverse
        let (high, lower) = Self.bytes(of: SIMD8(repeating: value))
        codes.storeBytes(of: high[0], toByteOffset: index, as: UInt8.self)
        low?[index] = lower[0]
      }
      return largest / Self.wideMax * 256
    }
    let euclidean = metric == .squaredEuclidean
    row.storeBytes(of: euclidean ? squaredNorm : 0, as: Float.self)
    row.storeBytes(of: euclidean ? -2 * scale : -scale, toByteOffset: 4, as: Float.self)
  }

  /// Rounds values in steps of low bytes to a code and a low byte each.
  @inline(__always)
  private static func bytes(of values: SIMD8<Float>) -> (high: SIMD8<UInt8>, low: SIMD8<Int8>) {
    var values = values
    values.replace(with: wideMax, where: values .> wideMax)
    values.replace(with: -wideMax, where: values .< -wideMax)
    // Added to so large a number, a value is rounded to a whole number in its lowest bits.
    let shift: Float = 0x1.8p23
    let wide =
      SIMD8<Int32>(truncatingIfNeeded: unsafeBitCast(values + shift, to: SIMD8<UInt32>.self))
      &- Int32(bitPattern: shift.bitPattern)
    let high = (wide &+ 128) &>> 8
    return (
      SIMD8<UInt8>(truncatingIfNeeded: high &+ 128),
      SIMD8<Int8>(truncatingIfNeeded: wide &- high &<< 8)
    )
  }

  /// Multiplies the second number of a row's header to give the step of its low bytes.
  public static func lowStepFactor(of metric: Metric) -> Float {
    metric == .squaredEuclidean ? -1 / 512 : -1 / 256
  }

  /// Writes the vector that a row and its low bytes stand for.
  public func decode(
    _ row: UnsafeRawPointer, low: UnsafePointer<Int8>, into out: UnsafeMutablePointer<Float>
  ) {
    // SAFETY: the caller vouches for a row, its low bytes and room for `dimension` floats.
    let step =
      row.loadUnaligned(fromByteOffset: 4, as: Float.self) * Self.lowStepFactor(of: metric)
    for index in 0..<dimension {
      let high = Int(row.load(fromByteOffset: Self.rowHeaderBytes + index, as: UInt8.self)) - 128
      out[index] = center[index] + step * Float(high << 8 + Int(low[index]))
    }
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
    query: UnsafePointer<Float>, into out: UnsafeMutablePointer<Int8>,
    kernels: DistanceKernels = .best
  ) -> (scale: Float, sum: Int32) {
    // A dot product needs the rows centred, not the query: q·x = q·center + q·(x − center), and the
    // first term is the same for all rows.
    let scale = center.withUnsafeBufferPointer { center in
      // SAFETY: the caller vouches for `dimension` floats and as many bytes.
      kernels.quantize(
        query, center: metric == .squaredEuclidean ? center.baseAddress : nil, weights: nil,
        count: dimension, into: out)
    }
    var sum: Int32 = 0
    for index in 0..<dimension { sum &+= Int32(out[index]) }
    return (scale, sum)
  }
}
