/// A distance and a node in one integer that sorts by distance, then by node.
///
/// Layout: 32 bits of the distance, mapped so that unsigned order is numeric order; 31 bits of the
/// node; 1 bit of state (in a candidate pool: expanded).
typealias NeighborKey = UInt64

extension NeighborKey {
  /// No neighbour: after every real key.
  static let none = NeighborKey.max

  @inline(__always)
  init(distance: Float, node: UInt32) {
    let bits = distance.bitPattern
    let ordered = bits ^ (bits & 0x8000_0000 != 0 ? 0xffff_ffff : 0x8000_0000)
    self = UInt64(ordered) << 32 | UInt64(node) << 1
  }

  @inline(__always)
  var node: UInt32 { UInt32(truncatingIfNeeded: self) >> 1 }

  @inline(__always)
  var distance: Float {
    let ordered = UInt32(truncatingIfNeeded: self >> 32)
    return Float(
      bitPattern: ordered ^ (ordered & 0x8000_0000 != 0 ? 0x8000_0000 : 0xffff_ffff))
  }
}

/// The most nodes one segment can hold: their numbers have 31 bits, and the last marks an empty slot.
let nodeCountMax = Int(Int32.max) - 1
