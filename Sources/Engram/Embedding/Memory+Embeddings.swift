internal import DurableStore
internal import Embedders
internal import Episodes

extension Memory {
  /// The embeddings of an episode: one, or one for each part of a long one.
  func embeddings(of episode: Episode) async throws -> [Embedding] {
    try await embeddings(of: [episode])[0]
  }

  /// The embeddings of each episode. Texts embedded before are not embedded again.
  ///
  /// - Parameter episodes: stored or not; those of one session that are not come after the stored ones, in
  ///   the order of their starts.
  func embeddings(of episodes: [Episode]) async throws -> [[Embedding]] {
    let embedder = try currentEmbedder()
    let previous = try await descriptionsBefore(episodes)
    let texts = zip(episodes, previous).map { $0.embeddedTexts(after: $1) }
    let flat = Array(texts.joined())
    let vectors = try await vectors(of: flat, by: embedder)
    var next = 0
    return zip(episodes, texts).map { episode, texts in
      texts.indices.map { part in
        defer { next += 1 }
        return Embedding(
          owner: EmbeddingOwner(kind: .episode, id: episode.id, part: part), model: embedder.model,
          vector: vectors[next], contentHash: TextHash.contentHash(of: flat[next]))
      }
    }
  }

  /// So many texts at once, and so many bytes of them, at most: an embedder has the words of a call in memory, and
  /// sends them over a network in one request.
  static let embeddedTextsMax = 512
  static let embeddedBytesMax = 256 << 10

  private func vectors(
    of texts: [String], by embedder: some Embedder
  ) async throws -> [[Float]] {
    let embedder = CachingEmbedder(embedder, cache: StoredVectors(store: try store))
    var vectors: [[Float]] = []
    vectors.reserveCapacity(texts.count)
    for batch in texts.batches(of: Self.embeddedTextsMax, bytesMax: Self.embeddedBytesMax) {
      vectors += try await embedder.embed(batch)
    }
    return vectors
  }

  /// What the episode before each in its session was about: a stored one, or one of the batch that is not stored
  /// yet and comes later than that.
  private func descriptionsBefore(_ episodes: [Episode]) async throws -> [String?] {
    let stored = try await store.turnsBefore(episodes)
    var previous = stored.map(\.description)
    guard episodes.count > 1 else { return previous }
    // What is stored comes first of all with its start.
    func place(_ index: Int) -> (start: Timestamp, isNew: Int, index: Int) {
      (episodes[index].startTime, stored[index].isFollowerStored ? 0 : 1, index)
    }
    var last: [[String]: Int] = [:]
    let order = episodes.indices.filter { episodes[$0].sessionID != nil }
      .sorted { place($0) < place($1) }
    for index in order {
      let session = [episodes[index].namespace, episodes[index].sessionID ?? ""]
      if let before = last[session] {
        let start = episodes[before].startTime
        if stored[index].start.map({ $0 <= start }) ?? true {
          previous[index] = episodes[before].taskDescription
        }
      }
      if !stored[index].isFollowerStored { last[session] = index }
    }
    return previous
  }
}
