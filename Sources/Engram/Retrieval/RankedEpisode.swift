/// An episode that a search found, before it is read.
struct RankedEpisode: Sendable {
  var id: String
  /// Cosine of the embeddings; nil where the words were not embedded.
  var similarity: Double?
  var score: Double
  /// Nil where the score is one number, not a sum.
  var parts: ScoreParts?
  /// Whether neither meaning nor words say that it answers.
  var isWeak = false
}
