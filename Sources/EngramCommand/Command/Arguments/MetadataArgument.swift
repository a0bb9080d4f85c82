internal import Episodes

/// Conditions on metadata as people type them.
enum MetadataArgument {
  /// The condition that all of some, and one of others, are met; nil without any.
  static func predicate(all: [String], any: [String]) throws -> MetadataPredicate? {
    var parts = try all.map(parse)
    if !any.isEmpty { parts.append(.any(try any.map(parse))) }
    return parts.isEmpty ? nil : parts.count == 1 ? parts[0] : .all(parts)
  }

  /// Reads `KEY`, or `KEY`, a comparison and a value: the first comparison in the text counts.
  static func parse(_ text: String) throws -> MetadataPredicate {
    try OptionText.read { () throws(ValidationError) in
      try .parse(text, field: "--metadata")
    }
  }
}
