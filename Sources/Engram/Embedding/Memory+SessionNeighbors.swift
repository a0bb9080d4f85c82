internal import DurableStore
internal import Episodes
internal import Logging

// A short turn of a session is embedded with the one before it (``Episode/embeddedTexts(after:)``): when that one
// goes, its words must not live on in the vector. The store deletes such vectors with the episode.
extension Memory {
  /// Deletes episodes, and embeds what came after them in their sessions again. What cannot be embedded now is
  /// found by its words, and embedded when the memory learns next.
  ///
  /// - Parameter delete: deletes them in the store.
  func embeddingNeighborsAgain<Value>(
    of ids: [String], delete: () async throws -> Value
  ) async throws -> Value {
    let neighbors = try await store.episodesAfter(ids)
    let markBefore = neighbors.isEmpty ? nil : try await store.embeddingMark()
    let deleted = try await delete()
    if neighbors.isEmpty { return deleted }
    do {
      let mark = try await store.embeddingMark()
      try await embedAgain(neighbors)
      // Only what this call has marked: other turns may wait for their embeddings.
      if markBefore == nil, mark == DurableStore.firstEmbeddingMark {
        try await store.clearEmbeddingMark(DurableStore.firstEmbeddingMark)
      }
    } catch {
      logger.warning("turns after a deleted one are to be embedded again later: \(error)")
    }
    return deleted
  }

  /// Embeds episodes whose embeddings were deleted and could not be made again then.
  func embedMissingEpisodes() async throws {
    guard let mark = try await store.embeddingMark() else { return }
    var last: Int64 = 0
    while true {
      try Task.checkCancellation()
      let found = try await store.episodesWithoutEmbedding(
        after: last, limit: Self.embeddedAgainAtOnce)
      guard let end = found.last?.rowID else { break }
      try await embedAgain(found.map(\.episode.id))
      last = end
      await syncAfterWrite()
    }
    try await store.clearEmbeddingMark(mark)
  }

  private static let embeddedAgainAtOnce = 16

  /// Embeds again what comes after some episodes in their sessions, because those say something else now, or have
  /// come in between. Where that fails it is found by what was before, and the write that was the reason stands.
  ///
  /// - Parameter others: further episodes to embed again.
  func embedFollowersAgain(of ids: [String], and others: [String] = []) async {
    if ids.isEmpty, others.isEmpty { return }
    do {
      let followers = (try await store.episodesAfter(ids) + others).uniqued()
      for batch in followers.batches(of: Self.embeddedAgainAtOnce) { try await embedAgain(batch) }
    } catch {
      logger.warning("turns after a changed one keep the vectors they had: \(error)")
    }
  }

  /// Brings the embeddings of episodes up to date.
  private func embedAgain(_ ids: [String]) async throws {
    let episodes = try await store.episodes(ids: ids)
    do {
      try await store.putEmbeddings(try await embeddings(of: episodes).flatMap { $0 })
    } catch DurableStoreError.notFound {
      // Deleted meanwhile; of the others those that are left are put one by one.
      for episode in episodes {
        do {
          try await store.putEmbeddings(try await embeddings(of: [episode])[0])
        } catch DurableStoreError.notFound {}
      }
    }
  }
}
