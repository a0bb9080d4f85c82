internal import DurableStore
internal import Embedders

/// The vectors in the durable store as a cache of embeddings.
struct StoredVectors: EmbeddingCache {
  let store: DurableStore

  func vectors(model: String, contentHashes: [String]) async throws -> [String: [Float]] {
    try await store.cachedVectors(contentHashes: contentHashes, model: model)
  }

  /// Nothing to do: the write that asked for the vectors stores them with their episode.
  func store(_ vectors: [String: [Float]], model: String) async throws {}
}
