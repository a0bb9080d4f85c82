internal import DurableStore
public import Episodes

extension Memory {
  /// Stores episodes that went on elsewhere, as often as they are told: new ones are added, those that have gone
  /// on since are updated. One that has ended gets its reward, reflection and salient features, and is queued to
  /// be learned from, as by ``completeEpisode(_:outcome:appliedPatterns:)``.
  ///
  /// Of a stored episode the steps, the outcome, the end and the metadata change; what people have set (its words,
  /// type, tags and context) stays. One that has ended stays as it is until it is told with an outcome again. Telling
  /// the same again changes nothing, whatever was killed when: each update is a transaction, and so are all new ones.
  ///
  /// - Parameter episodes: a batch with ids of its own; a few dozen are fastest.
  /// - Throws: ``EngramError``; what was stored before stays, and telling all of it again goes on.
  /// - Complexity: a few look-ups an episode, and an embedding for each that is new or changed.
  public func recordEpisodes(
    _ episodes: [Episode]
  ) async throws(EngramError) -> RecordSummary {
    if episodes.isEmpty { return RecordSummary() }
    var summary = RecordSummary()
    let stored = try await engramErrors {
      Dictionary(
        try await store.episodes(ids: episodes.map(\.id)).map { ($0.id, $0) },
        uniquingKeysWith: { first, _ in first })
    }
    var new: [Episode] = []
    for var episode in episodes {
      guard let existing = stored[episode.id] else {
        if episode.outcome != nil { episode.conclude() }
        new.append(episode)
        continue
      }
      guard let continued = existing.continued(by: episode) else {
        summary.unchanged += 1
        continue
      }
      try await engramErrors {
        try continued.validate()
        try await store.update(continued, embeddings: try await embeddings(of: continued))
      }
      noteAccesses(CollectionOfOne(episode.id))
      summary.updated += 1
    }
    if summary.updated > 0 {
      await syncAfterWrite()
      learnSoon()
    }
    let imported = try await importEpisodes(new)
    summary.added += imported.added
    summary.unchanged += imported.alreadyStored
    summary.forgotten += imported.forgotten
    summary.evicted += imported.evicted
    return summary
  }
}

extension Episode {
  /// The episode as `later` tells it; nil where that is nothing new.
  func continued(by later: Episode) -> Episode? {
    guard later.outcome != nil || outcome == nil,
      steps != later.steps || outcome != later.outcome || endTime != later.endTime
    else { return nil }
    var episode = self
    episode.steps = later.steps
    episode.outcome = later.outcome
    episode.endTime = later.endTime.map { max($0, startTime) }
    episode.metadata.merge(later.metadata) { $1 }
    guard later.outcome != nil else { return episode }
    // It is learned from anew.
    episode.patternIDs = []
    episode.heuristicIDs = []
    episode.salientFeatures = nil
    episode.conclude()
    return episode
  }
}
