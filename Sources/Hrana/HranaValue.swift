public import Episodes

/// A value of one of SQLite's storage classes.
///
/// Integers travel as texts, so that none is rounded on the way, and blobs in base64, which is written without
/// padding and read with or without it. JSON has no numbers that are not finite: one is written as a float that is
/// null, and that is read as one that is no number.
public enum HranaValue: Hashable, Sendable {
  case null
  case integer(Int64)
  case float(Double)
  case text(String)
  case blob([UInt8])
}

extension HranaValue: HranaMessage {
  public init(json: JSONValue) throws(HranaFormatError) {
    let fields = try HranaFields(json)
    switch try fields.text("type") {
    case "null": self = .null
    case "integer":
      guard let integer = try fields.optionalLong("value") else {
        throw HranaFormatError("value", "is missing; expected a whole number in a text")
      }
      self = .integer(integer)
    case "float":
      switch fields["value"] {
      case nil: self = .float(.nan)
      case .number(let number): self = .float(number)
      case .integer(let integer): self = .float(Double(integer))
      default: throw HranaFormatError("value", "is no number; expected one")
      }
    case "text": self = .text(try fields.text("value"))
    case "blob": self = .blob(try Self.bytes(ofBase64: try fields.text("base64")))
    case let type:
      throw HranaFormatError(
        "type", "is '\(type.prefix(40))'; expected null, integer, float, text or blob")
    }
  }

  public func write(to writer: inout JSONWriter) {
    switch self {
    case .null: writer.raw(#"{"type":"null"}"#)
    case .integer(let integer):
      writer.raw(#"{"type":"integer","value":""#)
      writer.integer(integer)
      writer.raw(#""}"#)
    case .float(let number):
      writer.raw(#"{"type":"float","value":"#)
      writer.number(number)
      writer.raw("}")
    case .text(let text):
      writer.field(#"{"type":"text","value":"#, text)
      writer.raw("}")
    case .blob(let bytes):
      writer.raw(#"{"type":"blob","base64":"#)
      bytes.withUnsafeBytes { writer.base64($0) }
      writer.raw("}")
    }
  }

  private static func bytes(ofBase64 text: String) throws(HranaFormatError) -> [UInt8] {
    var (text, bytes) = (text, [UInt8]())
    guard text.withUTF8({ Base64.decode(UnsafeRawBufferPointer($0), into: &bytes) }) else {
      throw HranaFormatError("base64", "is no base64")
    }
    return bytes
  }

  /// About as many bytes as the value takes on the wire, for bounds.
  public var byteCount: Int {
    switch self {
    case .null, .integer, .float: 32
    case .text(let text): 32 + text.utf8.count
    case .blob(let bytes): 32 + bytes.count / 3 * 4
    }
  }
}
