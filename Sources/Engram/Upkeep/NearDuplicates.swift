/// Episodes that say nearly the same.
public struct NearDuplicates: Hashable, Sendable, Codable {
  public struct Pair: Hashable, Sendable, Codable {
    /// The one that was stored first.
    public var first: String
    public var second: String
    /// Of their embeddings, at most 1.
    public var similarity: Double

    public init(first: String, second: String, similarity: Double) {
      self.first = first
      self.second = second
      self.similarity = similarity
    }
  }

  /// The most similar first.
  public var pairs: [Pair]
  /// How many episodes were compared with the others.
  public var compared: Int
  /// Whether there are more pairs than were asked for, or an episode has more neighbours than are looked at.
  public var isCutOff: Bool

  public init(pairs: [Pair], compared: Int, isCutOff: Bool) {
    self.pairs = pairs
    self.compared = compared
    self.isCutOff = isCutOff
  }
}
