internal import Episodes

/// A page of patterns.
struct PatternPage: Encodable {
  var patterns: [Pattern]
  var nextCursor: String?
}
