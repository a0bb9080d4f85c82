package import Episodes

extension DurableStore {
  /// What an episode says, as a short text: equal for episodes that differ in nothing but their ids and what was made of
  /// them, which are the reward, the patterns and the heuristics.
  package static func contentHash(of episode: Episode) -> String {
    EpisodeContent.hash(of: episode)
  }
}
