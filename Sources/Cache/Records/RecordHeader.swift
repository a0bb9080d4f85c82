import VectorMath

/// The bytes before a message in the tables of records; numbers are little endian.
///
/// | offset | bytes | content |
/// |---|---|---|
/// | 0 | 4 | checksum of the table, the key and all that follows, see ``StoredChecksum`` |
/// | 4 | 1 | version |
/// | 5 | 1 | encoding: 0 the message as it is, 1 a Zstandard frame of it |
/// | 6 | 2 | 0 |
/// | 8 | 4 | bytes of the message |
/// | 12 | 4 | number of the dictionary; 0 for none |
/// | 16 | 8 | when it expires: nanoseconds since 1970, `Int64.max` for never |
/// | 24 | | the message or its frame |
struct RecordHeader: Hashable {
  enum Encoding: UInt8 {
    case plain = 0
    case zstd = 1
  }

  static let version: UInt8 = 2
  static let byteCount = 24
  /// The expiry of what does not expire.
  static let neverExpires = Int64.max

  var encoding = Encoding.plain
  var messageBytes: UInt32
  var dictionaryID: UInt32 = 0
  var expiresAt: Int64

  init(messageBytes: UInt32, expiresAt: Int64) {
    self.messageBytes = messageBytes
    self.expiresAt = expiresAt
  }

  /// Reads the header of a stored value, and checks all of the value.
  ///
  /// - Throws: ``WireError/checksum`` when it is not what was written under `key`.
  init(
    _ value: UnsafeRawBufferPointer, key: some Collection<UInt8>, table: Table
  ) throws(WireError) {
    guard value.count >= Self.byteCount else { throw .header }
    guard StoredChecksum.isRight(value, key: key, table: table) else { throw .checksum }
    guard value[4] == Self.version, let encoding = Encoding(rawValue: value[5]) else {
      throw .header
    }
    self.encoding = encoding
    messageBytes = UInt32(littleEndian: value.loadUnaligned(fromByteOffset: 8, as: UInt32.self))
    dictionaryID = UInt32(littleEndian: value.loadUnaligned(fromByteOffset: 12, as: UInt32.self))
    expiresAt = Int64(littleEndian: value.loadUnaligned(fromByteOffset: 16, as: Int64.self))
  }

  /// When a stored value says that it expires, not checked; nil for bytes that are too few.
  static func expiry(_ value: UnsafeRawBufferPointer) -> Int64? {
    guard value.count >= byteCount else { return nil }
    return Int64(littleEndian: value.loadUnaligned(fromByteOffset: 16, as: Int64.self))
  }

  /// The stored value of a body.
  func value(body: [UInt8], key: [UInt8], table: Table) -> [UInt8] {
    var bytes: [UInt8] = [0, 0, 0, 0, Self.version, encoding.rawValue, 0, 0]
    bytes.reserveCapacity(Self.byteCount + body.count)
    withUnsafeBytes(of: messageBytes.littleEndian) { bytes += $0 }
    withUnsafeBytes(of: dictionaryID.littleEndian) { bytes += $0 }
    withUnsafeBytes(of: expiresAt.littleEndian) { bytes += $0 }
    bytes += body
    StoredChecksum.write(to: &bytes, key: key, table: table)
    return bytes
  }
}
