/// What a question found in a ``TextIndex``.
public struct TextMatches: Sendable {
  /// The documents with the highest scores, best first.
  public var best: [Int] = []
  /// The score that a text would have that holds every word of the question again and again; scores divided
  /// by it tell how much of the question a text covers. Words that no text has count as the rarest.
  public var idealScore: Float = 0
  /// How many documents could be found.
  public var population = 0
  /// How far the best score stands out: over the standard deviation that scores would have where each word is
  /// in as many of the documents as it is, but in any of them by chance, once in a text of mean length. 0
  /// where no word tells documents apart.
  public var prominence: Float = 0
  /// The words whose postings were not read to the end: they only add to scores that are asked for.
  var rest: ArraySlice<TermPostings> = []
  var scorer: TermScorer?
}
