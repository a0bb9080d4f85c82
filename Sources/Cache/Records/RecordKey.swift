/// The keys of the tables.
enum RecordKey {
  /// LMDB takes keys of at most 511 bytes, and the longest key holds an id's and 18 bytes more.
  static let idBytesMax = 480

  /// The key of the record with the identifier `id`.
  ///
  /// Identifiers of up to 128 characters can take more bytes than a key may. Such a one is replaced
  /// by a hash, behind a byte that no text contains; if two ever met, the one would replace the
  /// other in the cache, and a reader, who compares identifiers, would miss it.
  static func id(_ id: String) -> [UInt8] {
    let utf8 = id.utf8
    if utf8.count <= idBytesMax { return utf8.isEmpty ? [0xFE] : Array(utf8) }
    var (left, right): (UInt64, UInt64) = (0xcbf2_9ce4_8422_2325, 0x9e37_79b9_7f4a_7c15)
    for byte in utf8 {
      left = (left ^ UInt64(byte)) &* 0x100_0000_01b3
      right = (right &+ UInt64(byte)) &* 0xff51_afd7_ed55_8ccd
      right ^= right >> 29
    }
    // In hexadecimal, so that the byte that ends an id in a longer key does not occur.
    return [0xFF] + Array((String(left, radix: 16) + "." + String(right, radix: 16)).utf8)
  }

  /// Numbers as keys are big endian, so that their order is the numbers' order.
  static func number(_ number: UInt64) -> [UInt8] {
    withUnsafeBytes(of: number.bigEndian) { Array($0) }
  }

  /// Signed numbers have their sign bit turned, so that negative ones come first.
  static func number(_ value: Int64) -> [UInt8] {
    number(UInt64(bitPattern: value) ^ 1 << 63)
  }

  /// The number that starts at `offset` of a key; nil when the key is too short.
  static func number(in key: UnsafeRawBufferPointer, at offset: Int = 0) -> UInt64? {
    guard offset >= 0, key.count >= offset + 8 else { return nil }
    return UInt64(bigEndian: key.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }

  static func number(in key: [UInt8], at offset: Int = 0) -> UInt64? {
    key.withUnsafeBytes { number(in: $0, at: offset) }
  }
}
