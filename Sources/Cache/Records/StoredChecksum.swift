import VectorMath

/// The first four bytes of a stored value: CRC-32C of the rest, of the key and of the table's name, the
/// three combined by exclusive or.
///
/// LMDB has no checksums. The key and the table are part of it, so that a sound value under a damaged key,
/// or in a page that belongs elsewhere, is noticed.
enum StoredChecksum {
  static let byteCount = 4

  static func isRight(
    _ value: UnsafeRawBufferPointer, key: some Collection<UInt8>, table: Table
  ) -> Bool {
    guard value.count >= byteCount else { return false }
    let stored = UInt32(littleEndian: value.loadUnaligned(as: UInt32.self))
    let rest = CRC32C.checksum(of: UnsafeRawBufferPointer(rebasing: value[byteCount...]))
    return stored == rest ^ ofKey(key, in: table)
  }

  /// Overwrites the first four bytes.
  static func write(to value: inout [UInt8], key: [UInt8], table: Table) {
    value.withUnsafeMutableBytes { bytes in
      let rest = CRC32C.checksum(of: UnsafeRawBufferPointer(rebasing: bytes[byteCount...]))
      bytes.storeBytes(of: (rest ^ ofKey(key, in: table)).littleEndian, as: UInt32.self)
    }
  }

  /// What of a checksum comes from the place of the value.
  static func ofKey(_ key: some Collection<UInt8>, in table: Table) -> UInt32 {
    let checksum =
      key.withContiguousStorageIfAvailable {
        CRC32C.checksum(of: UnsafeRawBufferPointer($0))
      } ?? Array(key).withUnsafeBytes { CRC32C.checksum(of: $0) }
    return checksum ^ table.tag
  }
}
