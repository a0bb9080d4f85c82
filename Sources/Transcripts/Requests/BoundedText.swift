internal import Episodes

/// Texts of any size, redacted and then made short enough to be kept.
///
/// Secrets go first: the half of a key that a cut leaves looks like none. Of a text that is too large even for that
/// only the two ends are looked at (``TextEnds``), and less than those is kept.
enum BoundedText {
  /// Bytes of each end of a text that are looked at.
  private static let windowBytes = 32 << 10
  private static let depthMax = 8
  private static let entriesMax = 50
  private static let parameterBytesMax = 4_000
  /// Of one text in parameters, and of one name.
  private static let fieldBytesMax = 1_000
  private static let nameBytesMax = 200

  /// `text` in at most about `bytesMax` bytes: three quarters from its beginning, the rest from its end.
  static func kept(_ text: String, bytesMax: Int, _ redactor: inout SecretRedactor) -> String {
    ends(text, &redactor).shortened(to: bytesMax)
  }

  /// The ends of `text`, without secrets.
  private static func ends(_ text: String, _ redactor: inout SecretRedactor) -> TextEnds {
    if text.utf8.count <= 2 * windowBytes { return TextEnds(safe(text, &redactor)) }
    var ends = TextEnds(of: text, bytesEach: windowBytes)
    ends.head = safe(ends.head, &redactor)
    ends.tail = safe(ends.tail, &redactor)
    return ends
  }

  /// `text` without secrets and control characters. Those may stand before a secret, and in it.
  private static func safe(_ text: String, _ redactor: inout SecretRedactor) -> String {
    let redacted = redactor.redacted(text)
    let plain = plain(redacted)
    return plain == redacted ? plain : redactor.redacted(plain)
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
    var long: [String: TextEnds] = [:]
    let redacted = redactor.redacted(windowed(value, depth: 0, &long, &redactor))
    let plain = plain(redacted)
    var budget = parameterBytesMax
    return bounded(plain == redacted ? plain : redactor.redacted(plain), &budget, long)
  }

  /// The value with what is looked at of it.
  ///
  /// - Parameter long: gets the ends of texts that are too long to be looked at whole, by what stands for them.
  private static func windowed(
    _ value: JSONValue, depth: Int, _ long: inout [String: TextEnds],
    _ redactor: inout SecretRedactor
  ) -> JSONValue {
    guard depth < depthMax else { return .string("…") }
    switch value {
    case .null, .bool, .integer, .number: return value
    case .string(let text):
      guard text.utf8.count > 2 * windowBytes else { return value }
      let ends = ends(text, &redactor)
      let short = ends.shortened(to: fieldBytesMax)
      long[short] = ends
      return .string(short)
    case .array(let values):
      var result: [JSONValue] = []
      for value in values.prefix(entriesMax) {
        result.append(windowed(value, depth: depth + 1, &long, &redactor))
      }
      return .array(result)
    case .object(let fields):
      var result: [String: JSONValue] = [:]
      for (name, value) in fields.sorted(by: { $0.key < $1.key }).prefix(entriesMax) {
        let isShort = name.utf8.count <= 2 * windowBytes
        let name = isShort ? name : kept(name, bytesMax: nameBytesMax, &redactor)
        result[name] = windowed(value, depth: depth + 1, &long, &redactor)
      }
      return .object(result)
    }
  }

  private static func bounded(
    _ value: JSONValue, _ budget: inout Int, _ long: [String: TextEnds]
  ) -> JSONValue {
    budget -= 4
    switch value {
    case .null, .bool, .integer, .number: return value
    case .string(let text):
      let ends = long[text] ?? TextEnds(text)
      let short = ends.shortened(to: max(80, min(fieldBytesMax, budget)))
      budget -= short.utf8.count
      return .string(short)
    case .array(let values):
      var result: [JSONValue] = []
      for value in values {
        guard budget > 0 else { break }
        result.append(bounded(value, &budget, long))
      }
      return .array(result)
    case .object(let fields):
      var result: [String: JSONValue] = [:]
      for (name, value) in fields.sorted(by: { $0.key < $1.key }) {
        guard budget > 0 else { break }
        // Not before: a name may be a secret too.
        let name = TextEnds.prefix(name, nameBytesMax)
        budget -= name.utf8.count
        result[name] = bounded(value, &budget, long)
      }
      return .object(result)
    }
  }
}
