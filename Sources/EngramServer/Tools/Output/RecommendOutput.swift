internal import Episodes

/// Recommended patterns, and by which name feedback on them goes.
struct RecommendOutput: Encodable {
  /// Left out where there is nothing to give feedback on.
  var recommendationID: String?
  var patterns: [PatternOutput]
  var note: String?
  var nearest: PatternOutput?
}
