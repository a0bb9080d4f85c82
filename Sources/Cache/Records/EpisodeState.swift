/// Where an episode is in the orders of use and of expiry, and how long its value is.
///
/// 24 bytes, little endian: checksum (4), bytes of the value (4), number of its last use (8), when it
/// expires (8).
struct EpisodeState: Hashable {
  static let byteCount = 24

  var valueBytes: UInt32
  var lastUse: UInt64
  /// Nanoseconds since 1970, or ``RecordHeader/neverExpires``.
  var expiresAt: Int64

  init(valueBytes: UInt32, lastUse: UInt64, expiresAt: Int64) {
    self.valueBytes = valueBytes
    self.lastUse = lastUse
    self.expiresAt = expiresAt
  }

  /// Nil for bytes that are none, or another's.
  init?(_ value: UnsafeRawBufferPointer, key: [UInt8], table: Table) {
    guard value.count == Self.byteCount,
      StoredChecksum.isRight(value, key: key, table: table)
    else { return nil }
    valueBytes = UInt32(littleEndian: value.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
    lastUse = UInt64(littleEndian: value.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
    expiresAt = Int64(littleEndian: value.loadUnaligned(fromByteOffset: 16, as: Int64.self))
  }

  func bytes(key: [UInt8], table: Table) -> [UInt8] {
    var bytes: [UInt8] = [0, 0, 0, 0]
    bytes.reserveCapacity(Self.byteCount)
    withUnsafeBytes(of: valueBytes.littleEndian) { bytes += $0 }
    withUnsafeBytes(of: lastUse.littleEndian) { bytes += $0 }
    withUnsafeBytes(of: expiresAt.littleEndian) { bytes += $0 }
    StoredChecksum.write(to: &bytes, key: key, table: table)
    return bytes
  }
}
