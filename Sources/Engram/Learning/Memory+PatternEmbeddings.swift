internal import DurableStore
internal import Embedders
internal import Episodes
internal import Synchronization

extension Memory {
  /// Embeds what learning and forgetting have left without an embedding.
  ///
  /// The model is loaded only if there is something to embed. Where it is missing there is no search either, and
  /// what is missing stays so until a later call.
  ///
  /// - Returns: how many patterns were embedded.
  func embedWhatIsMissing() async throws -> Int {
    let hasNeighbors = try await store.embeddingMark() != nil
    var hasPatterns = false
    let state = patternEmbeddings.withLock { $0 }
    if !state.isEmbedded {
      hasPatterns = try await store.hasPatternWithoutEmbedding()
      if !hasPatterns { patternEmbeddings.withLock { $0.embedded(at: state.changeCount) } }
    }
    guard hasPatterns || hasNeighbors, let embedder = try? currentEmbedder() else { return 0 }
    let count = hasPatterns ? try await embedPatterns(by: embedder) : 0
    if hasNeighbors { try await embedMissingEpisodes() }
    return count
  }

  /// - Returns: how many there were.
  private func embedPatterns(by embedder: some Embedder) async throws -> Int {
    let changeCount = patternEmbeddings.withLock { $0.changeCount }
    var count = 0
    while true {
      try Task.checkCancellation()
      let patterns = try await store.patternsWithoutEmbedding(
        model: embedder.model, limit: Self.embeddedAtOnce)
      if patterns.isEmpty {
        patternEmbeddings.withLock { $0.embedded(at: changeCount) }
        return count
      }
      if try await embed(patterns, by: embedder) { count += patterns.count }
    }
  }

  /// - Returns: false where one of them was forgotten meanwhile, and so none was embedded.
  @discardableResult
  func embed(_ patterns: [Pattern], by embedder: some Embedder) async throws -> Bool {
    if patterns.isEmpty { return true }
    let embeddings = try await embeddings(of: patterns, by: embedder)
    do {
      try await store.putEmbeddings(embeddings)
    } catch DurableStoreError.notFound {
      return false
    }
    await syncAfterWrite()
    return true
  }

  static let embeddedAtOnce = 64

  private func embeddings(
    of patterns: [Pattern], by embedder: some Embedder
  ) async throws -> [Embedding] {
    let texts = patterns.map(\.embeddedText)
    var vectors: [[Float]] = []
    for batch in texts.batches(of: Self.embeddedTextsMax, bytesMax: Self.embeddedBytesMax) {
      vectors += try await embedder.embed(batch)
    }
    return zip(zip(patterns, texts), vectors).map {
      Embedding(
        owner: EmbeddingOwner(kind: .pattern, id: $0.0.id), model: embedder.model, vector: $1,
        contentHash: TextHash.contentHash(of: $0.1))
    }
  }
}
