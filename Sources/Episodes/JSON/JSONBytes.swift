/// Looks at the bytes of JSON strings many at a time.
package enum JSONBytes {
  /// Where the first byte stands, from `start` on, that a string does not hold as it is: a quote, a backslash, or a
  /// control character; the end where there is none.
  ///
  /// - Complexity: linear, 16 bytes at a time.
  package static func plainEnd(of bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
    guard let base = bytes.baseAddress else { return start }
    let quotes = SIMD16<UInt8>(repeating: UInt8(ascii: "\""))
    let backslashes = SIMD16<UInt8>(repeating: UInt8(ascii: "\\"))
    let spaces = SIMD16<UInt8>(repeating: 0x20)
    var position = start
    // SAFETY: a block ends at the count at the latest, and so does each byte.
    while position + 16 <= bytes.count {
      let block = (base + position).loadUnaligned(as: SIMD16<UInt8>.self)
      if any((block .== quotes) .| (block .== backslashes) .| (block .< spaces)) { break }
      position += 16
    }
    while position < bytes.count, !isSpecial(bytes[position]) { position += 1 }
    return position
  }

  /// Whether every byte is below 0x80, so that they are UTF-8.
  ///
  /// - Complexity: linear, 16 bytes at a time.
  package static func isASCII(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard let base = bytes.baseAddress else { return true }
    var (all, position) = (SIMD16<UInt8>(), 0)
    // SAFETY: a block ends at the count at the latest, and so does each byte.
    while position + 16 <= bytes.count {
      all |= (base + position).loadUnaligned(as: SIMD16<UInt8>.self)
      position += 16
    }
    var rest: UInt8 = 0
    while position < bytes.count {
      rest |= bytes[position]
      position += 1
    }
    return rest < 0x80 && all.max() < 0x80
  }

  static func isSpecial(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
  }
}
