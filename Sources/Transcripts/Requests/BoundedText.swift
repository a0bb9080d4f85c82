internal import Episodes

/// Texts of any size, redacted and then made short enough to be kept.
///
/// Secrets go first: the half of a key that a cut leaves looks like none. Of a text that is too large even for that
/// only the two ends are looked at, and less than those is kept.
enum BoundedText {
  /// Bytes of each end of a text that are looked at.
  private static let windowBytes = 32 << 10
  private static let depthMax = 8
  private static let entriesMax = 50
  private static let parameterBytesMax = 4_000

  /// `text` in at most about `bytesMax` bytes: three quarters from its beginning, the rest from its end.
  static func kept(_ text: String, bytesMax: Int, _ redactor: inout SecretRedactor) -> String {
    if text.utf8.count <= 2 * windowBytes {
      return cut(safe(text, &redactor), bytesMax: bytesMax)
    }
    let head = safe(prefix(text, windowBytes), &redactor)
    let tail = safe(suffix(text, windowBytes), &redactor)
    let kept = bytesMax * 3 / 4
    let omitted = text.utf8.count - bytesMax
    return prefix(head, kept) + "\n[… \(omitted) bytes left out …]\n"
      + suffix(tail, bytesMax - kept)
  }

  /// `text` without secrets and control characters. Those may stand before a secret, and in it.
  private static func safe(_ text: String, _ redactor: inout SecretRedactor) -> String {
    let redacted = redactor.redacted(text)
    let plain = plain(redacted)
    return plain == redacted ? plain : redactor.redacted(plain)
  }

  private static func cut(_ text: String, bytesMax: Int) -> String {
    let count = text.utf8.count
    guard count > bytesMax else { return text }
    let kept = bytesMax * 3 / 4
    return prefix(text, kept) + "\n[… \(count - bytesMax) bytes left out …]\n"
      + suffix(text, bytesMax - kept)
  }

  /// The first whole characters of Unicode in at most `count` bytes.
  static func prefix(_ text: String, _ count: Int) -> String {
    guard text.utf8.count > count else { return text }
    var bytes = Array(text.utf8.prefix(count))
    // Back to where a scalar begins.
    while let last = bytes.last, last & 0xC0 == 0x80 { bytes.removeLast() }
    if let last = bytes.last, last >= 0xC0 { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func suffix(_ text: String, _ count: Int) -> String {
    guard text.utf8.count > count else { return text }
    return String(decoding: text.utf8.suffix(count).drop { $0 & 0xC0 == 0x80 }, as: UTF8.self)
  }

  /// Without control characters, but for line feeds and tabs, and without a terminal's colours.
  private static func plain(_ text: String) -> String {
    func isControl(_ byte: UInt8) -> Bool {
      byte < 0x20 && byte != 0x0A && byte != 0x09 || byte == 0x7F
    }
    guard text.utf8.contains(where: isControl) else { return text }
    let bytes = Array(text.utf8)
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      if !isControl(byte) {
        result.append(byte)
      } else if byte == 0x0D, index < bytes.count, bytes[index] != 0x0A {
        // Words of two lines are not one.
        result.append(0x0A)
      } else if byte == 0x1B, index < bytes.count, bytes[index] == UInt8(ascii: "[") {
        var end = index + 1
        while end < bytes.count, (0x20...0x3F).contains(bytes[end]) { end += 1 }
        if end < bytes.count, (0x40...0x7E).contains(bytes[end]) { index = end + 1 }
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  private static func plain(_ value: JSONValue) -> JSONValue {
    switch value {
    case .null, .bool, .integer, .number: value
    case .string(let text): .string(plain(text))
    case .array(let values): .array(values.map { plain($0) })
    case .object(let fields):
      .object(
        Dictionary(
          fields.sorted { $0.key < $1.key }.map { (plain($0.key), plain($0.value)) },
          uniquingKeysWith: { first, _ in first }))
    }
  }

  /// A value whose texts are redacted and short, and which is no deeper or wider than anybody reads.
  static func kept(_ value: JSONValue, _ redactor: inout SecretRedactor) -> JSONValue {
    var budget = parameterBytesMax
    let redacted = redactor.redacted(windowed(value, depth: 0))
    let plain = plain(redacted)
    return bounded(plain == redacted ? plain : redactor.redacted(plain), &budget)
  }

  /// The beginning of a text. The word that the cut goes through is left out: the half of a key looks like none.
  private static func window(_ text: String) -> String {
    guard text.utf8.count > windowBytes else { return text }
    var bytes = Array(prefix(text, windowBytes).utf8)
    // Of a word as long as that only the beginning is kept, whatever it is.
    let least = bytes.count - 512
    while bytes.count > least, let last = bytes.last, SecretScanner.isToken(last) {
      bytes.removeLast()
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func windowed(_ value: JSONValue, depth: Int) -> JSONValue {
    guard depth < depthMax else { return .string("…") }
    switch value {
    case .null, .bool, .integer, .number: return value
    case .string(let text): return .string(window(text))
    case .array(let values):
      return .array(values.prefix(entriesMax).map { windowed($0, depth: depth + 1) })
    case .object(let fields):
      let kept = fields.sorted { $0.key < $1.key }.prefix(entriesMax)
      return .object(
        Dictionary(
          kept.map { (prefix($0.key, 200), windowed($0.value, depth: depth + 1)) },
          uniquingKeysWith: { first, _ in first }))
    }
  }

  private static func bounded(_ value: JSONValue, _ budget: inout Int) -> JSONValue {
    budget -= 4
    switch value {
    case .null, .bool, .integer, .number: return value
    case .string(let text):
      let text = cut(text, bytesMax: max(80, min(1_000, budget)))
      budget -= text.utf8.count
      return .string(text)
    case .array(let values):
      var result: [JSONValue] = []
      for value in values {
        guard budget > 0 else { break }
        result.append(bounded(value, &budget))
      }
      return .array(result)
    case .object(let fields):
      var result: [String: JSONValue] = [:]
      for (name, value) in fields.sorted(by: { $0.key < $1.key }) {
        guard budget > 0 else { break }
        budget -= name.utf8.count
        result[name] = bounded(value, &budget)
      }
      return .object(result)
    }
  }
}
