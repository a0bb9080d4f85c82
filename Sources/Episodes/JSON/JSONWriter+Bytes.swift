/// Texts and bytes where they are, without strings made of them.
extension JSONWriter {
  /// Appends a string in quotes.
  ///
  /// - Parameter utf8: its bytes; what is not valid UTF-8 is repaired.
  package mutating func string(utf8: UnsafeRawBufferPointer) {
    guard Self.isValid(utf8) else { return string(String(decoding: utf8, as: UTF8.self)) }
    quoted(utf8)
  }

  /// Appends bytes in base64 without padding, in quotes.
  package mutating func base64(_ bytes: UnsafeRawBufferPointer) {
    quoted(count: (bytes.count * 4 + 2) / 3) { Base64.encode(bytes, into: $0) }
  }

  private static func isValid(_ utf8: UnsafeRawBufferPointer) -> Bool {
    var all: UInt8 = 0
    for byte in utf8 { all |= byte }
    return all < 0x80 || String(validating: utf8, as: UTF8.self) != nil
  }
}
