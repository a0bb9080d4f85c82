internal import Episodes

/// What the memory made of an episode that has ended.
struct CompletionOutput: Encodable {
  var episode: EpisodeSummary
  var reward: RewardScore?
  var reflection: Reflection?
  var note: String?

  init(_ episode: Episode) {
    self.episode = EpisodeSummary(episode)
    reward = episode.reward
    reflection = episode.reflection
  }

  static let fields = JSONShape.Fields(
    "a completed episode",
    [
      .required("episode", EpisodeSummary.shape), .optional("reward", EpisodeShape.reward),
      .optional("reflection", EpisodeShape.reflection), .optional("note", .text),
    ])
}
