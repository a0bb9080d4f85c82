/// How like a task a pattern is, 0 to 1: by what it says, and by the episodes that show it.
///
/// What a pattern says in a few words ("grep → edit → pytest") is near to many tasks. What it was seen to help with
/// are the tasks of its episodes, in all their words. Both count; a pattern of which no episode is stored has its
/// own words alone. The numbers are from questions whose answers are known (`Benchmarks/Log.md`).
public enum PatternLikeness {
  /// The share of the pattern's own words; the rest is that of its episodes.
  static let ownShare = 0.3

  /// The least likeness at which a pattern is recommended, or becomes part of a playbook. Of questions about the
  /// work that a memory is of it leaves out one in five, of sentences about other things it lets through
  /// one in ten.
  public static let leastRecommended = 0.38

  /// How like a task an episode is.
  ///
  /// - Parameters:
  ///   - similarity: the cosine of the two in meaning.
  ///   - words: the share of the task's words that the episode has, rare ones counting more: its BM25 score as a
  ///     share of the ideal one.
  public static func likeness(ofEpisode similarity: Double, words: Double) -> Double {
    bounded(similarity + words)
  }

  /// How like a task a pattern is.
  ///
  /// - Parameters:
  ///   - similarity: the cosine of the task and the pattern in words.
  ///   - episode: the likeness of the one of its episodes that is most like the task; nil where none is stored.
  public static func likeness(ofPattern similarity: Double, episode: Double?) -> Double {
    guard let episode else { return bounded(similarity) }
    return bounded(ownShare * bounded(similarity) + (1 - ownShare) * bounded(episode))
  }

  private static func bounded(_ value: Double) -> Double {
    value.isNaN ? 0 : min(max(value, 0), 1)
  }
}
