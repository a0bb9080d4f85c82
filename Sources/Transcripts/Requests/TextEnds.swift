/// The beginning and the end of a text, of which less is kept than there is.
struct TextEnds {
  /// All of the text where it is short.
  var head: String
  var tail: String
  /// Of the whole text.
  var byteCount: Int

  /// Bytes at a cut that are left out for a whole line, or a whole word. No key is as long.
  private static let cutBytesMax = 8 << 10

  /// A text that is kept whole so far.
  init(_ text: String) {
    head = text
    tail = text
    byteCount = text.utf8.count
  }

  /// The first and the last bytes of a text that has more than both.
  ///
  /// What a cut goes through is left out of both, as the half of a key looks like none: the line if it is short, and
  /// the word otherwise. At the beginning of the tail so is what may belong to a name before it: a line or some words
  /// more, and the rest of a key in lines.
  init(of text: String, bytesEach: Int) {
    head = Self.head(Array(text.utf8.prefix(bytesEach)))
    tail = Self.tail(Array(text.utf8.suffix(bytesEach)))
    byteCount = text.utf8.count
  }

  /// The text in at most about `bytesMax` bytes: three quarters from its beginning, the rest from its end.
  func shortened(to bytesMax: Int) -> String {
    guard byteCount > bytesMax else { return head }
    let first = Self.prefix(head, bytesMax * 3 / 4)
    let last = Self.suffix(tail, bytesMax - bytesMax * 3 / 4)
    let omitted = byteCount - first.utf8.count - last.utf8.count
    return first + "\n[… \(omitted) bytes left out …]\n" + last
  }

  /// The first whole characters of Unicode in at most `count` bytes.
  static func prefix(_ text: String, _ count: Int) -> String {
    guard text.utf8.count > count else { return text }
    return String(decoding: wholeScalars(Array(text.utf8.prefix(count))), as: UTF8.self)
  }

  private static func suffix(_ text: String, _ count: Int) -> String {
    guard text.utf8.count > count else { return text }
    return String(decoding: text.utf8.suffix(count).drop { $0 & 0xC0 == 0x80 }, as: UTF8.self)
  }

  /// Back to where a scalar begins that was cut.
  private static func wholeScalars(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
    var bytes = bytes[...]
    while let last = bytes.last, last & 0xC0 == 0x80 { bytes.removeLast() }
    if let last = bytes.last, last >= 0xC0 { bytes.removeLast() }
    return bytes
  }

  // MARK: - Cuts

  private static func head(_ bytes: [UInt8]) -> String {
    let last = bytes.suffix(cutBytesMax)
    let end =
      last.lastIndex(of: 0x0A) ?? last.lastIndex(where: isSpace)
      ?? wholeScalars(bytes).endIndex
    return String(decoding: bytes[..<end], as: UTF8.self)
  }

  private static func tail(_ bytes: [UInt8]) -> String {
    let first = bytes.prefix(cutBytesMax)
    var start = first.firstIndex { $0 & 0xC0 != 0x80 } ?? 0
    if let lineEnd = first.firstIndex(of: 0x0A) {
      start = lineEnd + 1
      // A value stands alone on the line behind its name at most.
      if let next = first[start...].firstIndex(of: 0x0A) { start = next + 1 }
    } else {
      // "Authorization: Basic VALUE", "login NAME password VALUE".
      for _ in 0..<4 {
        guard let space = first[start...].firstIndex(where: isSpace) else { break }
        start = first[space...].firstIndex { !isSpace($0) } ?? first.endIndex
      }
    }
    let rest = bytes[start...]
    let blockEnd = rest.firstRange(of: Array("-----END ".utf8))
    if let blockEnd, !rest[..<blockEnd.lowerBound].contains(Array("-----BEGIN ".utf8)) {
      start = blockEnd.upperBound
    }
    return String(decoding: bytes[start...], as: UTF8.self)
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0A
  }
}
