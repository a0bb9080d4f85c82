/// An episode found by its words.
public struct TextMatch: Hashable, Sendable {
  public var episodeID: String
  /// BM25 of the words against the episode; higher is better.
  public var score: Double

  public init(episodeID: String, score: Double) {
    self.episodeID = episodeID
    self.score = score
  }
}
