// Conditions on metadata as people and programs write them in one text.
extension MetadataPredicate {
  private static let comparisons:
    [(sign: String, make: @Sendable (String, String) -> MetadataPredicate)] = [
      ("!=", { .not(.equals(key: $0, value: $1)) }),
      ("<=", { .atMost(key: $0, .init($1)) }),
      (">=", { .atLeast(key: $0, .init($1)) }),
      ("=", { .equals(key: $0, value: $1) }),
      ("<", { .lessThan(key: $0, .init($1)) }),
      (">", { .greaterThan(key: $0, .init($1)) }),
      ("~", { .contains(key: $0, text: $1) }),
    ]

  /// Reads `KEY`, or `KEY`, a comparison and a value: the first comparison in the text counts.
  ///
  /// - Throws: ``ValidationError`` that names `field`.
  package static func parse(
    _ text: String, field: String
  ) throws(ValidationError) -> MetadataPredicate {
    for index in text.indices {
      for (sign, make) in comparisons where text[index...].hasPrefix(sign) {
        guard index > text.startIndex else { break }
        let value = text[text.index(index, offsetBy: sign.count)...]
        // '>>3' and '==3' would look for a text that nobody wrote.
        if let next = value.first, next == "=" || "<>".contains(next) && sign != "~" && sign != "="
        {
          throw ValidationError(
            field: field, problem: "\(quoted(text)) is no comparison",
            expected: "KEY and one of =, !=, <, <=, >, >=, ~ and a value")
        }
        return make(String(text[..<index]), String(value))
      }
    }
    guard let first = text.first, !comparisons.contains(where: { $0.sign.first == first }) else {
      throw ValidationError(
        field: field, problem: "\(quoted(text)) has no key",
        expected: "KEY, KEY=VALUE or another comparison")
    }
    return .exists(key: text)
  }

  private static func quoted(_ text: String) -> String {
    "'" + PrintableText.line(String(text.prefix(60))) + "'"
  }
}
