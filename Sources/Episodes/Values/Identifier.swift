/// Rules for the opaque identifiers of episodes, patterns and other records.
public enum Identifier {
  /// The longest identifier, in characters (Unicode scalars).
  public static let charactersMax = 128

  /// A new UUID version 7 (RFC 9562): 48 bits of Unix milliseconds, then random bits, so that new
  /// identifiers sort by creation time.
  ///
  /// - Parameters:
  ///   - time: the moment of creation.
  ///   - generator: the source of the random bits.
  public static func make(
    at time: Timestamp, using generator: inout some RandomNumberGenerator
  ) -> String {
    let milliseconds = UInt64(max(0, time.nanosecondsSince1970 / 1_000_000))
    let random = generator.next()
    let high = milliseconds << 16 | 0x7000 | (random >> 52)
    let low = 0x8000_0000_0000_0000 | (generator.next() >> 2)
    let figures = Self.hexadecimal(high) + Self.hexadecimal(low)
    var text = ""
    text.reserveCapacity(36)
    for (offset, figure) in figures.enumerated() {
      if offset == 8 || offset == 12 || offset == 16 || offset == 20 { text += "-" }
      text.append(figure)
    }
    return text
  }

  /// A new UUID version 7 from the system's random number generator.
  public static func make(at time: Timestamp) -> String {
    var generator = SystemRandomNumberGenerator()
    return make(at: time, using: &generator)
  }

  /// Checks an identifier.
  ///
  /// - Throws: ``ValidationError`` that names `field`.
  public static func check(_ text: String, field: String) throws(ValidationError) {
    guard isValid(text) else {
      guard isPrintable(text) else {
        throw ValidationError(
          field: field, problem: "'\(text.prefix(140))' is not an identifier",
          expected: "1 to \(charactersMax) printable characters without spaces")
      }
      throw ValidationError(
        field: field, problem: "'\(text)' is not in normal form, and looks like another identifier",
        expected: "its letters and marks composed (Unicode NFC)")
    }
  }

  /// Whether `text` is 1 to 128 printable characters without spaces, in Unicode's normal form C.
  ///
  /// The database tells texts apart by their bytes, and Swift those only that do not look alike: in one normal form
  /// the two agree.
  public static func isValid(_ text: String) -> Bool {
    if text.utf8.count <= charactersMax, text.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) {
      return !text.isEmpty
    }
    return isPrintable(text) && text.utf8.elementsEqual(text._nfcCodeUnits)
  }

  private static func isPrintable(_ text: String) -> Bool {
    // Scalars bound the bytes; a character can hold any number of combining marks.
    guard !text.isEmpty, text.unicodeScalars.count <= charactersMax else { return false }
    return text.unicodeScalars.allSatisfy { scalar in
      switch scalar.properties.generalCategory {
      case .control, .surrogate, .unassigned, .spaceSeparator, .lineSeparator,
        .paragraphSeparator:
        false
      default: true
      }
    }
  }

  private static func hexadecimal(_ value: UInt64) -> String {
    let figures = String(value, radix: 16)
    return String(repeating: "0", count: 16 - figures.count) + figures
  }
}
