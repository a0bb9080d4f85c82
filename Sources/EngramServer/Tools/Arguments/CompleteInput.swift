internal import Episodes

/// How an episode ended.
struct CompleteInput: Decodable {
  var episodeID: String
  var outcome: OutcomeArguments
  var appliedPatterns: [AppliedPattern]?
}
