internal import Episodes

/// What became of a recommended pattern.
struct FeedbackInput: Decodable {
  var recommendationID: String
  var patternID: String
  var effect: AppliedPattern.Effect
}
