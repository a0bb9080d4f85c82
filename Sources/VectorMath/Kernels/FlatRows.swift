/// Consecutive groups of encoded rows.
public struct FlatRows {
  // SAFETY: who makes one vouches for memory of `groupCount` groups behind each pointer.
  public var high: UnsafePointer<UInt8>
  /// Nil to scan the upper halves of the codes only.
  public var low: UnsafePointer<UInt8>?
  public var constants: UnsafePointer<Float>
  public var scales: UnsafePointer<Float>
  public var residuals: UnsafePointer<Float>
  public var norms: UnsafePointer<Float>
  public var groupCount: Int
  public var dimension: Int

  public init(
    high: UnsafePointer<UInt8>, low: UnsafePointer<UInt8>?, constants: UnsafePointer<Float>,
    scales: UnsafePointer<Float>, residuals: UnsafePointer<Float>, norms: UnsafePointer<Float>,
    groupCount: Int, dimension: Int
  ) {
    self.high = high
    self.low = low
    self.constants = constants
    self.scales = scales
    self.residuals = residuals
    self.norms = norms
    self.groupCount = groupCount
    self.dimension = dimension
  }
}
