/// Where a ``CachingEmbedder`` keeps vectors: by model and content hash (``TextHash``).
public protocol EmbeddingCache: Sendable {
  /// The vectors that are there, by content hash; what is not there is left out.
  func vectors(model: String, contentHashes: [String]) async throws -> [String: [Float]]

  /// Keeps vectors, by content hash.
  func store(_ vectors: [String: [Float]], model: String) async throws
}
