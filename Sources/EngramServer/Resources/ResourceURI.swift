/// The names of what can be read: `engram://episode/ID` and `engram://pattern/ID`.
enum ResourceURI: Hashable, Sendable, CustomStringConvertible {
  case episode(String)
  case pattern(String)

  static let episodeTemplate = "engram://episode/{id}"
  static let patternTemplate = "engram://pattern/{id}"

  /// - Returns: nil for anything else than a name of one of the kinds.
  init?(_ text: String) {
    for (prefix, make) in [
      ("engram://episode/", ResourceURI.episode), ("engram://pattern/", ResourceURI.pattern),
    ] where text.hasPrefix(prefix) {
      guard let id = Self.decoded(text.dropFirst(prefix.count)), !id.isEmpty else { return nil }
      self = make(id)
      return
    }
    return nil
  }

  var description: String {
    switch self {
    case .episode(let id): "engram://episode/" + Self.encoded(id)
    case .pattern(let id): "engram://pattern/" + Self.encoded(id)
    }
  }

  /// All but the unreserved characters of RFC 3986 as their bytes: an id may hold any.
  private static func encoded(_ id: String) -> String {
    var text = ""
    for byte in id.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "_"), UInt8(ascii: "~"):
        text.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        let figures = String(byte, radix: 16, uppercase: true)
        text += "%" + (figures.count < 2 ? "0" : "") + figures
      }
    }
    return text
  }

  private static func decoded(_ text: Substring) -> String? {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard let high = rest.popFirst().flatMap(hexadecimal),
        let low = rest.popFirst().flatMap(hexadecimal)
      else { return nil }
      bytes.append(high << 4 | low)
    }
    return String(validating: bytes, as: UTF8.self)
  }

  private static func hexadecimal(_ digit: UInt8) -> UInt8? {
    Character(Unicode.Scalar(digit)).hexDigitValue.map(UInt8.init)
  }
}
