/// Halves of surrogate pairs in the escapes of JSON, which JavaScript writes for a text that was cut inside one.
enum LoneSurrogates {
  /// The text with U+FFFD in the place of each half; nil where there is none.
  ///
  /// - Complexity: linear in the number of bytes.
  static func replaced(in bytes: UnsafeRawBufferPointer) -> [UInt8]? {
    var result: [UInt8]?
    var position = 0
    while position + 1 < bytes.count {
      guard bytes[position] == UInt8(ascii: "\\") else {
        position += 1
        continue
      }
      // Whatever is escaped, a backslash too, is passed over.
      guard let unit = unit(at: position, in: bytes) else {
        position += 2
        continue
      }
      if (0xD800..<0xDC00).contains(unit), let low = self.unit(at: position + 6, in: bytes),
        (0xDC00..<0xE000).contains(low)
      {
        position += 12
        continue
      }
      if (0xD800..<0xE000).contains(unit) {
        if result == nil { result = Array(bytes) }
        result?.replaceSubrange((position + 2)..<(position + 6), with: "fffd".utf8)
      }
      position += 6
    }
    return result
  }

  /// The code unit of the escape `\uXXXX` at `position`.
  private static func unit(at position: Int, in bytes: UnsafeRawBufferPointer) -> UInt16? {
    guard position + 6 <= bytes.count, bytes[position] == UInt8(ascii: "\\"),
      bytes[position + 1] == UInt8(ascii: "u")
    else { return nil }
    var value: UInt16 = 0
    for byte in bytes[(position + 2)..<(position + 6)] {
      guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
      value = value << 4 | UInt16(digit)
    }
    return value
  }
}
