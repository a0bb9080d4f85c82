/// A regular expression of the user's own, whose matches are taken out of texts.
public struct RedactionPattern: @unchecked Sendable {
  // SAFETY: a compiled expression is never changed, and matching makes its own state.
  private let expression: Regex<AnyRegexOutput>

  /// - Throws: the error of the standard library for a text that is no regular expression.
  public init(_ pattern: String) throws {
    expression = try Regex(pattern)
  }

  /// `text` with each match replaced, and how many there were; an empty match is none.
  func replaced(in text: String) -> (text: String, count: Int) {
    let ranges = text.ranges(of: expression).filter { !$0.isEmpty }
    guard !ranges.isEmpty else { return (text, 0) }
    var result = ""
    var end = text.startIndex
    for range in ranges {
      result += text[end..<range.lowerBound]
      result += "[redacted: \(SecretKind.userPattern.rawValue)]"
      end = range.upperBound
    }
    return (result + text[end...], ranges.count)
  }
}
