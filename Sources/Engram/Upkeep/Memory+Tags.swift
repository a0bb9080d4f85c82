public import DurableStore
public import Episodes

extension Memory {
  /// The tags in use, with how often, how well and when last; the most frequent first.
  ///
  /// - Parameters:
  ///   - namespace: of its episodes only; nil for all.
  ///   - limit: the most to return.
  public func tags(
    namespace: String? = nil, limit: Int = .max
  ) async throws(EngramError) -> [TagSummary] {
    try await engramErrors { try await store.tagSummaries(namespace: namespace, limit: limit) }
  }

  /// Adds tags to an episode.
  ///
  /// - Returns: the episode as it is now.
  /// - Throws: ``EngramError`` with code `notFound`.
  @discardableResult
  public func addTags(
    _ tags: [Tag], to episodeID: String
  ) async throws(EngramError) -> Episode {
    try await tagged(episodeID) { try await $0.addTags(tags, toEpisode: episodeID) }
  }

  /// Takes tags from an episode, from its context as well.
  ///
  /// - Returns: the episode as it is now.
  /// - Throws: ``EngramError`` with code `notFound`.
  @discardableResult
  public func removeTags(
    _ tags: [Tag], from episodeID: String
  ) async throws(EngramError) -> Episode {
    try await tagged(episodeID) { try await $0.removeTags(tags, fromEpisode: episodeID) }
  }

  private func tagged(
    _ id: String, _ change: (DurableStore) async throws -> Void
  ) async throws(EngramError) -> Episode {
    let episode = try await engramErrors {
      // Without it nothing is changed, since the vectors could not follow.
      _ = try currentEmbedder()
      try await change(store)
      return try await embedAgain([id]).first
    }
    await syncAfterWrite()
    guard let episode else {
      throw EngramError(DurableStoreError.notFound(.episode, id: id))
    }
    return episode
  }

  /// Puts one tag in the place of others, in every episode that has one of those: to rename a tag, to merge
  /// several, or, without a replacement, to delete them.
  ///
  /// Each batch of episodes is a transaction. Where it is cut off, the same call goes on.
  ///
  /// - Parameters:
  ///   - replacement: nil to take the tags away.
  ///   - namespace: in its episodes only; nil for all.
  ///   - isDryRun: whether it is only counted what would change.
  /// - Returns: how many episodes were changed.
  @discardableResult
  public func replaceTags(
    _ tags: [Tag], by replacement: Tag?, namespace: String? = nil, isDryRun: Bool = false
  ) async throws(EngramError) -> Int {
    let changed = try await engramErrors {
      if isDryRun {
        var filter = EpisodeFilter(namespace: namespace)
        filter.tagsAny = tags.filter { $0 != replacement }
        return filter.tagsAny.isEmpty ? 0 : try await store.count(matching: filter)
      }
      _ = try currentEmbedder()
      var changed = 0
      while true {
        let ids = try await store.replaceTags(tags, by: replacement, namespace: namespace)
        if ids.isEmpty { return changed }
        changed += ids.count
        try await embedAgain(ids)
        try Task.checkCancellation()
      }
    }
    if !isDryRun { await syncAfterWrite() }
    return changed
  }

  /// Brings the embeddings of changed episodes up to date: the tags are part of what is embedded.
  ///
  /// - Returns: the episodes.
  @discardableResult
  func embedAgain(_ ids: [String]) async throws -> [Episode] {
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
    return episodes
  }
}
