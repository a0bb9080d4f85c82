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
      return cut(plain(redactor.redacted(text)), bytesMax: bytesMax)
    }
    let head = redactor.redacted(prefix(text, windowBytes))
    let tail = redactor.redacted(suffix(text, windowBytes))
    let kept = bytesMax * 3 / 4
    let omitted = text.utf8.count - bytesMax
    return prefix(plain(head), kept) + "\n[… \(omitted) bytes left out …]\n"
      + suffix(plain(tail), bytesMax - kept)
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

  /// Without control characters, but for line feeds and tabs.
  private static func plain(_ text: String) -> String {
    func isControl(_ byte: UInt8) -> Bool {
      byte < 0x20 && byte != 0x0A && byte != 0x09 || byte == 0x7F
    }
    guard text.utf8.contains(where: isControl) else { return text }
    return String(decoding: text.utf8.filter { !isControl($0) }, as: UTF8.self)
  }

  /// A value whose texts are redacted and short, and which is no deeper or wider than anybody reads.
  static func kept(_ value: JSONValue, _ redactor: inout SecretRedactor) -> JSONValue {
    var budget = parameterBytesMax
    let safe = redactor.redacted(windowed(value, depth: 0))
    return bounded(safe, &budget)
  }

  private static func windowed(_ value: JSONValue, depth: Int) -> JSONValue {
    guard depth < depthMax else { return .string("…") }
    switch value {
    case .null, .bool, .integer, .number: return value
    case .string(let text): return .string(prefix(text, windowBytes))
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
      let text = cut(plain(text), bytesMax: max(80, min(1_000, budget)))
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
        result[plain(name)] = bounded(value, &budget)
      }
      return .object(result)
    }
  }
}
