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
    try await changeEpisode(episodeID) { $0.adding(tags) }
  }

  /// Takes tags from an episode, from its context as well.
  ///
  /// - Returns: the episode as it is now.
  /// - Throws: ``EngramError`` with code `notFound`.
  @discardableResult
  public func removeTags(
    _ tags: [Tag], from episodeID: String
  ) async throws(EngramError) -> Episode {
    try await changeEpisode(episodeID) { $0.replacing(tags, by: nil) }
  }

  /// Puts one tag in the place of others, in every episode that has one of those: to rename a tag, to merge
  /// several, or, without a replacement, to delete them.
  ///
  /// Each batch of episodes is a transaction, with their embeddings. Where it is cut off, the same call goes on.
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
    let old = tags.filter { $0 != replacement }
    if old.isEmpty { return 0 }
    let filter = EpisodeFilter(namespace: namespace, tagsAny: old)
    let changed = try await engramErrors {
      if isDryRun { return try await store.count(matching: filter) }
      // Without it nothing is changed, since the vectors could not follow.
      _ = try currentEmbedder()
      var changed = 0
      var attempts = 0
      while true {
        let ids = try await store.episodeIDs(matching: filter, limit: Self.retaggedAtOnce)
        if ids.isEmpty { return changed }
        let count = try await replaceTags(old, by: replacement, ofEpisodes: ids)
        changed += count
        // Those that another task changes all the time are tried again, like any other.
        attempts = count > 0 ? 0 : attempts + 1
        if attempts > Self.changeAttemptsMax {
          throw DurableStoreError.changedMeanwhile(.episode, id: ids[0])
        }
        try Task.checkCancellation()
      }
    }
    if !isDryRun { await syncAfterWrite() }
    return changed
  }

  /// - Returns: how many were changed: those that were written meanwhile still have their tags.
  private func replaceTags(
    _ old: [Tag], by replacement: Tag?, ofEpisodes ids: [String]
  ) async throws -> Int {
    // First: a write between the two readings is noticed then.
    let revisions = try await store.revisions(ofEpisodes: ids)
    var episodes: [Episode] = []
    var changes: [EpisodeChanges] = []
    for var episode in try await store.episodes(ids: ids) {
      let change = episode.replacing(old, by: replacement)
      guard !change.isEmpty, revisions[episode.id] != nil else { continue }
      change.apply(to: &episode)
      episodes.append(episode)
      changes.append(change)
    }
    let embedded = try await embeddings(of: episodes)
    return try await store.updateTags(
      episodes.indices.map { index in
        EpisodeUpdate(
          episodes[index], changes[index],
          expectedRevision: revisions[episodes[index].id] ?? 0, embeddings: embedded[index])
      })
  }

  /// Whole episodes are in memory.
  private static let retaggedAtOnce = 100
}
