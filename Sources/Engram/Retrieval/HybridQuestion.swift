internal import Episodes

/// A question as ranking sees it.
struct HybridQuestion: Sendable {
  /// Of the words; nil in a search by words alone.
  var vector: [Float]?
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
  var now: Timestamp

  /// How many candidates each of vectors and words brings: more than are asked for, because what is best
  /// together need not be among the first few of either.
  var candidatesMax: Int { max(100, 2 * limit) }
}
