/// How long the parts of a search took, in seconds.
public struct SearchTiming: Hashable, Sendable, Codable {
  /// Embedding the words.
  public var embeddingSeconds = 0.0
  /// Finding the nearest vectors, and reading their episodes.
  public var retrievalSeconds = 0.0

  public init() {}
}
