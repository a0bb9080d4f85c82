/// Queries as signed bytes, in memory of their own.
///
/// With D the integer product of the codes, the kernels compute for a row
/// `estimate = constant + scale · (slope · D + offset)` and
/// `bound = estimate + residualFactor · residual + normFactor · norm`.
public final class FlatQueries {
  // SAFETY: `codes` has room for `count` queries, rounded up to whole groups, each other pointer for
  // `count` floats; freed with the object.
  public let count: Int
  /// Bytes of a query.
  public let columnCount: Int
  public let codes: UnsafeMutablePointer<Int8>
  public let slopes: UnsafeMutablePointer<Float>
  public let offsets: UnsafeMutablePointer<Float>
  public let residualFactors: UnsafeMutablePointer<Float>
  public let normFactors: UnsafeMutablePointer<Float>
  public let thresholds: UnsafeMutablePointer<Float>

  /// All zero, and thresholds that hold nothing back.
  public init(count: Int, dimension: Int) {
    self.count = count
    columnCount = FlatKernels.columnCount(dimension: dimension)
    let group = FlatKernels.queriesAGroup
    let byteCount = (count + group - 1) / group * group * columnCount
    codes = .allocate(capacity: max(1, byteCount))
    codes.initialize(repeating: 0, count: byteCount)
    func floats(_ value: Float) -> UnsafeMutablePointer<Float> {
      let base = UnsafeMutablePointer<Float>.allocate(capacity: max(1, count))
      base.initialize(repeating: value, count: count)
      return base
    }
    slopes = floats(0)
    offsets = floats(0)
    residualFactors = floats(0)
    normFactors = floats(0)
    thresholds = floats(.infinity)
  }

  deinit {
    codes.deallocate()
    for pointer in [slopes, offsets, residualFactors, normFactors, thresholds] {
      pointer.deallocate()
    }
  }
}
