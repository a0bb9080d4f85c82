/// What a question found in a ``TextIndex``.
public struct TextMatches: Sendable {
  /// The documents with the highest scores, best first.
  public var best: [Int] = []
  /// The score that a text would have that holds every word of the question again and again; scores divided
  /// by it tell how much of the question a text covers. Words that no text has count as the rarest.
  public var idealScore: Float = 0
  /// The words whose postings were not read to the end: they only add to scores that are asked for.
  var rest: ArraySlice<TermPostings> = []
  var scorer: TermScorer?
}
