/// For each row of a set, the others found near: `keys[row · stride + n]` for n below `counts[row]`.
public struct NearLists {
  /// Only distances below a row's limit are added to its list.
  public var limits: UnsafeMutablePointer<Float>
  /// The bits of a distance in the upper half, the place of the other row in the lower.
  public var keys: UnsafeMutablePointer<UInt64>
  public var stride: Int
  public var counts: UnsafeMutablePointer<UInt32>

  public init(
    limits: UnsafeMutablePointer<Float>, keys: UnsafeMutablePointer<UInt64>, stride: Int,
    counts: UnsafeMutablePointer<UInt32>
  ) {
    self.limits = limits
    self.keys = keys
    self.stride = stride
    self.counts = counts
  }
}
