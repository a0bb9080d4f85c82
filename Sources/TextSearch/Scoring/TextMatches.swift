/// What a question found in a ``TextIndex``.
public struct TextMatches: Sendable {
  /// The documents with the highest scores, best first.
  public var best: [Int] = []
  /// The score that a text would have that holds every word of the question again and again; scores divided
  /// by it tell how much of the question a text covers. Words that no text has count as the rarest.
  public var idealScore: Float = 0
  /// How many documents could be found.
  public var population = 0
  /// How far the best score stands out: its size in standard deviations of the scores of all documents that
  /// could be found, those without a word of the question included. 0 where all are alike.
  public var prominence: Float = 0
}
