internal import VectorMath

/// The end of a node record that is placed for disk: whose record it is, and its checksum.
///
/// `{recordID u64, node u32, CRC-32C u32}`. The checksum is of all bytes of the record before it, so a
/// record that was damaged, or written in another's place, is noticed by the read that brings it.
enum NodeSeal {
  /// Where the checksum stands in the seal.
  private static let nodeOffset = 8
  private static let checksumOffset = 12

  static func write(
    recordID: UInt64, node: UInt32, to record: UnsafeMutableRawPointer, layout: NodeLayout
  ) {
    // SAFETY: the caller vouches for `layout.readByteCount` bytes.
    let seal = record + layout.sealOffset
    seal.storeBytes(of: recordID.littleEndian, as: UInt64.self)
    seal.storeBytes(of: node.littleEndian, toByteOffset: nodeOffset, as: UInt32.self)
    seal.storeBytes(
      of: checksum(of: record, layout: layout).littleEndian, toByteOffset: checksumOffset,
      as: UInt32.self)
  }

  /// Whether the record is that of `node`, and as it was written.
  static func isIntact(_ record: UnsafeRawPointer, node: UInt32, layout: NodeLayout) -> Bool {
    // SAFETY: as above.
    let seal = record + layout.sealOffset
    return UInt32(
      littleEndian: seal.loadUnaligned(fromByteOffset: nodeOffset, as: UInt32.self)) == node
      && UInt32(
        littleEndian: seal.loadUnaligned(fromByteOffset: checksumOffset, as: UInt32.self))
        == checksum(of: record, layout: layout)
  }

  static func recordID(of record: UnsafeRawPointer, layout: NodeLayout) -> UInt64 {
    // SAFETY: as above.
    UInt64(littleEndian: (record + layout.sealOffset).loadUnaligned(as: UInt64.self))
  }

  private static func checksum(of record: UnsafeRawPointer, layout: NodeLayout) -> UInt32 {
    // SAFETY: as above.
    CRC32C.checksum(
      of: UnsafeRawBufferPointer(start: record, count: layout.sealOffset + checksumOffset))
  }
}
