public import DurableStore
public import Episodes

extension Memory {
  /// Counts, success rates and rewards of the episodes that meet a filter: together, by domain, task
  /// type and language, and over time.
  ///
  /// - Parameters:
  ///   - interval: the stretches of time.
  ///   - groupsMax: the most domains and languages, and the most stretches of time.
  /// - Throws: ``EngramError``: `invalidInput` for a filter that cannot be, `storeFailed`.
  public func analytics(
    matching filter: EpisodeFilter = EpisodeFilter(),
    interval: EpisodeAnalytics.Interval = .day, groupsMax: Int = 100
  ) async throws(EngramError) -> EpisodeAnalytics {
    try await engramErrors {
      try await store.analytics(matching: filter, interval: interval, groupsMax: groupsMax)
    }
  }

  /// Every episode that meets a filter, latest start first, in bounded memory. Throws
  /// `DurableStoreError` on the way.
  ///
  /// ```swift
  /// for try await episode in try memory.allEpisodes(matching: EpisodeFilter(domain: "web")) { … }
  /// ```
  ///
  /// - Throws: ``EngramError`` with code `storeAway` while the store is away.
  public func allEpisodes(
    matching filter: EpisodeFilter = EpisodeFilter()
  ) throws(EngramError) -> EpisodeSequence {
    do {
      return try store.allEpisodes(matching: filter)
    } catch {
      throw EngramError(error)
    }
  }

  /// How many of these ids are those of stored episodes. Nothing counts as read.
  public func episodeCount(amongIDs ids: [String]) async throws(EngramError) -> Int {
    try await engramErrors { try await store.namespaces(ofEpisodes: ids).count }
  }
}
