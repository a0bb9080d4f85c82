internal import Episodes

/// Recommended patterns, and by which name feedback on them goes.
struct RecommendOutput: Encodable {
  var recommendationID: String
  var patterns: [PatternOutput]
  var note: String?
}
