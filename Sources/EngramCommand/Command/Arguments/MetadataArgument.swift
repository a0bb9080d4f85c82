internal import ArgumentParser
internal import Episodes

/// Conditions on metadata as people type them.
enum MetadataArgument {
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

  /// The condition that all of some, and one of others, are met; nil without any.
  static func predicate(all: [String], any: [String]) throws -> MetadataPredicate? {
    var parts = try all.map(parse)
    if !any.isEmpty { parts.append(.any(try any.map(parse))) }
    return parts.isEmpty ? nil : parts.count == 1 ? parts[0] : .all(parts)
  }

  /// Reads `KEY`, or `KEY`, a comparison and a value: the first comparison in the text counts.
  static func parse(_ text: String) throws -> MetadataPredicate {
    for index in text.indices {
      for (sign, make) in comparisons where text[index...].hasPrefix(sign) {
        guard index > text.startIndex else { break }
        let value = text[text.index(index, offsetBy: sign.count)...]
        // '>>3' and '==3' would look for a text that nobody wrote.
        if let next = value.first, next == "=" || "<>".contains(next) && sign != "~" && sign != "="
        {
          throw ArgumentParser.ValidationError(
            "--metadata '\(text)' is no comparison; expected KEY and one of =, !=, <, <=, >, >=, ~ "
              + "and a value")
        }
        return make(String(text[..<index]), String(value))
      }
    }
    guard let first = text.first, !comparisons.contains(where: { $0.sign.first == first }) else {
      throw ArgumentParser.ValidationError(
        "--metadata '\(text)' has no key; expected KEY, KEY=VALUE or another comparison")
    }
    return .exists(key: text)
  }
}
