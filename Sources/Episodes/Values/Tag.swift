/// A label: trimmed, lower-cased, composed (Unicode NFC), 2 to 100 characters of letters, digits, `-` and `_`.
public struct Tag: Hashable, Comparable, Sendable, CustomStringConvertible {
  public let name: String

  /// Normalises `text` (trims white space, lower-cases).
  ///
  /// - Throws: ``ValidationError`` when the result breaks the rules of a tag.
  public init(_ text: String) throws(ValidationError) {
    if Self.isNormal(text) {
      name = text
      return
    }
    let scalars = text.unicodeScalars
    let trimmed = String(
      String.UnicodeScalarView(
        scalars.drop(while: { $0.properties.isWhitespace }).reversed()
          .drop(while: { $0.properties.isWhitespace }).reversed())
    ).lowercased().composed
    // The bytes are bounded too: a character can hold any number of combining marks.
    guard (2...100).contains(trimmed.count), trimmed.utf8.count <= 400,
      trimmed.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" })
    else {
      throw ValidationError(
        field: "tags", problem: "'\(text.prefix(120))' is not a tag",
        expected: "2 to 100 letters, digits, '-' or '_'")
    }
    self.name = trimmed
  }

  /// Whether `text` is a tag as it is, of ASCII characters: most are, and a store is full of them.
  private static func isNormal(_ text: String) -> Bool {
    (2...100).contains(text.utf8.count)
      && text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
          UInt8(ascii: "-"), UInt8(ascii: "_"):
          true
        default: false
        }
      }
  }

  public var description: String { name }

  public static func < (left: Tag, right: Tag) -> Bool { left.name < right.name }
}

extension Tag: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    do {
      try self.init(text)
    } catch {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "\(error.problem); expected \(error.expected)")
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(name)
  }
}
