internal import FoundationEssentials

/// Results as JSON with sorted keys, so that the same result is the same text every time.
public enum JSONOutput {
  /// One document, indented, without a line feed at its end.
  ///
  /// - Throws: `EncodingError` when `value` cannot be encoded.
  public static func document(_ value: some Encodable) throws -> String {
    try text(value, [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted])
  }

  /// One line of JSON Lines, without its line feed.
  ///
  /// - Throws: `EncodingError` when `value` cannot be encoded.
  public static func line(_ value: some Encodable) throws -> String {
    try text(value, [.sortedKeys, .withoutEscapingSlashes])
  }

  private static func text(
    _ value: some Encodable, _ formatting: JSONEncoder.OutputFormatting
  ) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = formatting
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "infinity", negativeInfinity: "-infinity", nan: "nan")
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }
}
