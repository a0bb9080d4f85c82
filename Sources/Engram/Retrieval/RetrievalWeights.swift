internal import Episodes

/// How much each part counts in the score of a hybrid search: `score = Σ weight · part`, with parts from 0 to 1.
///
/// The defaults of the first four come from questions about conversations, about agents' episodes and about
/// glosses of a dictionary together; `Benchmarks/Log.md` has the figures.
public struct RetrievalWeights: Hashable, Sendable, Codable {
  /// Similarity of the embeddings, as a share of the best candidate's.
  public var semantic = 1.0 / 3
  /// BM25, as a share of what a text would have that holds every word of the question again and again: a
  /// question in other words than the episodes' relies on ``semantic`` by itself. Counts up to three times as
  /// much where the best score of the words stands out from those of all episodes, half as much where it does
  /// not.
  public var text = 2.0 / 3
  /// The text part of the episodes before and after in the session. Within ``text``: it adds this share of
  /// theirs.
  public var neighbors = 0.15
  /// The best sum of semantic and text among the episodes of the session: a session that answers the question
  /// lifts its episodes.
  public var session = 1.0
  /// How much a turn of a session says, by the logarithm of its words; 1 from twenty words on, and for
  /// episodes that are in no session.
  public var substance = 0.25
  /// `e^(−days/30)`, with the whole days since the start of the episode.
  public var recency = 0.01
  /// The reward, 2 and more counting as 1.
  public var reward = 0.01
  /// Domain, language, framework and tags of the request's context that the episode has.
  public var context = 0.1
  /// The share of the patterns applied in the episode that helped; ½ where nothing is known.
  public var effectiveness = 0.01

  public init() {}

  /// - Throws: ``ValidationError`` for a weight that is negative or not finite.
  func validate() throws(ValidationError) {
    let named: [(String, Double)] = [
      ("semantic", semantic), ("text", text), ("neighbors", neighbors), ("session", session),
      ("substance", substance),
      ("recency", recency), ("reward", reward), ("context", context),
      ("effectiveness", effectiveness),
    ]
    for (name, weight) in named where !(weight.isFinite && (0...1000).contains(weight)) {
      throw ValidationError(
        field: "retrieval.\(name)", problem: "is \(weight)", expected: "a weight from 0 to 1000")
    }
  }
}
