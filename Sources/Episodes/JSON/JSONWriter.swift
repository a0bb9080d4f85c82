/// Writes JSON text: keys sorted by their bytes, no white space, and every number in the shortest form
/// that reads back as itself.
///
/// Equal values give equal bytes on every machine, but for a `Double` that is whole: it keeps its
/// fraction (`1.0`).
public struct JSONWriter {
  private var bytes: [UInt8] = []

  public init(reservingBytes count: Int = 128) { bytes.reserveCapacity(count) }

  /// The text of `value`.
  public static func text(of value: JSONValue) -> String {
    var writer = JSONWriter()
    writer.value(value)
    return writer.text
  }

  /// What has been written.
  public var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Appends punctuation or text that needs no escapes.
  public mutating func raw(_ text: StaticString) {
    text.withUTF8Buffer { bytes.append(contentsOf: $0) }
  }

  /// Appends a whole number.
  public mutating func integer(_ value: some FixedWidthInteger) {
    bytes.append(contentsOf: String(value).utf8)
  }

  /// Appends a number; one that JSON cannot hold becomes null, so callers refuse those before.
  public mutating func number(_ value: Double) {
    guard value.isFinite else { return raw("null") }
    bytes.append(contentsOf: value.description.utf8)
  }

  /// Appends a string in quotes.
  public mutating func string(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    var text = text
    text.withUTF8 { utf8 in
      var start = 0
      for index in utf8.indices where Self.needsEscape(utf8[index]) {
        bytes.append(contentsOf: utf8[start..<index])
        escape(utf8[index])
        start = index + 1
      }
      bytes.append(contentsOf: utf8[start...])
    }
    bytes.append(UInt8(ascii: "\""))
  }

  /// Appends an array of strings.
  public mutating func strings(_ values: some Sequence<String>) {
    bytes.append(UInt8(ascii: "["))
    var isFirst = true
    for value in values {
      separate(&isFirst)
      string(value)
    }
    bytes.append(UInt8(ascii: "]"))
  }

  /// Appends an object of strings.
  public mutating func object(_ values: [String: String]) {
    bytes.append(UInt8(ascii: "{"))
    var isFirst = true
    for key in values.keys.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
      separate(&isFirst)
      string(key)
      bytes.append(UInt8(ascii: ":"))
      string(values[key] ?? "")
    }
    bytes.append(UInt8(ascii: "}"))
  }

  /// Appends any value.
  public mutating func value(_ value: JSONValue) {
    switch value {
    case .null: raw("null")
    case .bool(let bool): bool ? raw("true") : raw("false")
    case .integer(let integer): self.integer(integer)
    case .number(let number): self.number(number)
    case .string(let string): self.string(string)
    case .array(let values):
      bytes.append(UInt8(ascii: "["))
      var isFirst = true
      for value in values {
        separate(&isFirst)
        self.value(value)
      }
      bytes.append(UInt8(ascii: "]"))
    case .object(let values):
      bytes.append(UInt8(ascii: "{"))
      var isFirst = true
      for key in values.keys.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
        separate(&isFirst)
        string(key)
        bytes.append(UInt8(ascii: ":"))
        self.value(values[key] ?? .null)
      }
      bytes.append(UInt8(ascii: "}"))
    }
  }

  /// Appends a comma before all but the first element.
  public mutating func separate(_ isFirst: inout Bool) {
    if isFirst { isFirst = false } else { bytes.append(UInt8(ascii: ",")) }
  }

  private static func needsEscape(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
  }

  private mutating func escape(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "\""): raw("\\\"")
    case UInt8(ascii: "\\"): raw("\\\\")
    case UInt8(ascii: "\n"): raw("\\n")
    case UInt8(ascii: "\r"): raw("\\r")
    case UInt8(ascii: "\t"): raw("\\t")
    default:
      raw("\\u00")
      let digits = Array("0123456789abcdef".utf8)
      bytes.append(digits[Int(byte >> 4)])
      bytes.append(digits[Int(byte & 15)])
    }
  }
}
