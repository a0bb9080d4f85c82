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

  /// What has been written, as bytes.
  package var utf8: [UInt8] { bytes }

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
    text.withUTF8 { escaped(UnsafeRawBufferPointer($0)) }
    bytes.append(UInt8(ascii: "\""))
  }

  private mutating func escaped(_ utf8: UnsafeRawBufferPointer) {
    var start = 0
    while true {
      let end = JSONBytes.plainEnd(of: utf8, from: start)
      bytes.append(contentsOf: utf8[start..<end])
      guard end < utf8.count else { return }
      escape(utf8[end])
      start = end + 1
    }
  }

  /// Appends a string in quotes, of bytes that are valid UTF-8.
  mutating func quoted(_ utf8: UnsafeRawBufferPointer) {
    bytes.append(UInt8(ascii: "\""))
    escaped(utf8)
    bytes.append(UInt8(ascii: "\""))
  }

  /// Appends so many bytes in quotes that `body` writes, none of which needs an escape.
  mutating func quoted(count: Int, _ body: (UnsafeMutableRawBufferPointer) -> Void) {
    bytes.append(UInt8(ascii: "\""))
    let start = bytes.count
    bytes.append(contentsOf: repeatElement(0, count: count))
    bytes.withUnsafeMutableBytes { body(UnsafeMutableRawBufferPointer(rebasing: $0[start...])) }
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
