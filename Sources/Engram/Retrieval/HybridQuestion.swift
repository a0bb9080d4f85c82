internal import Episodes

/// A question as ranking sees it.
struct HybridQuestion: Sendable {
  /// Of the words; nil in a search by words alone.
  var vector: [Float]?
  /// That made the vector.
  var model: String?
  /// Stems of the words; none in a search by vector alone.
  var terms: [UInt64]
  var mode: RetrievalMode
  var limit: Int
  var filter: EpisodeFilter
  /// Where the asker works.
  var context: TaskContext?
  var weights: RetrievalWeights
  /// Of maximal marginal relevance; nil for the order of the scores.
  var diversity: Double?
  /// Hits that are less similar are weak, unless the words speak for them.
  var weakSimilarity: Double
  var now: Timestamp
  /// The best similarity of which others count as a share, where another memory has a better one than this.
  var bestSimilarityMin = 0.0

  /// Whether a hit is weak.
  ///
  /// - Parameter words: the share of the question's words that it has, scaled by how far they stand out.
  func isWeak(similarity: Double, words: Double) -> Bool {
    let missing = weakSimilarity - similarity
    return missing > 0 && words < Self.strongWords + Self.wordsForSimilarity * missing
  }

  /// As much only one in twenty questions about other things has, in its best hit. Questions in other words
  /// than the episodes' mostly have less: those are told by their similarity.
  private static let strongWords = 0.5
  /// The less alike in meaning, the more words: one that is rare and shared by chance, such as the capital of
  /// another country, is half of a short question. An identifier is all of it.
  private static let wordsForSimilarity = 2.0

  /// How many candidates the vectors bring: more than are asked for, because what is best together need not
  /// be among the first few of either.
  var candidatesMax: Int { max(64, 2 * limit) }

  /// How many are looked for by vector, the hits that are asked for included.
  var nearestMax: Int { mode == .vector && diversity == nil ? limit : candidatesMax }

  /// How many the words bring. What they find beyond the first few is seldom among the best of all, and the
  /// similarity of each that the vectors did not bring is looked up.
  /// In a search by words alone they are the hits.
  var wordCandidatesMax: Int {
    if mode == .text { return diversity == nil ? limit : candidatesMax }
    return max(24, 2 * limit)
  }
}
