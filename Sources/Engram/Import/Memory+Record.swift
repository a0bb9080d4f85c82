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
  /// What is older than what is stored, by its last time, changes nothing either: a copy of a transcript may be read
  /// late. Several processes may tell the same at the same time.
  ///
  /// - Parameter episodes: a batch with ids of its own; a few dozen are fastest.
  /// - Throws: ``EngramError``; what was stored before stays, and telling all of it again goes on.
  /// - Complexity: a few look-ups an episode, and an embedding for each that is new or changed.
  public func recordEpisodes(
    _ episodes: [Episode]
  ) async throws(EngramError) -> RecordSummary {
    if episodes.isEmpty { return RecordSummary() }
    try checkShard(of: episodes.lazy.map(\.namespace))
    var summary = RecordSummary()
    let stored = try await engramErrors {
      Dictionary(
        try await store.episodes(ids: episodes.map(\.id)).map { ($0.id, $0) },
        uniquingKeysWith: { first, _ in first })
    }
    var new: [Episode] = []
    for var episode in episodes {
      guard stored[episode.id] != nil else {
        if episode.outcome != nil { episode.conclude() }
        new.append(episode)
        continue
      }
      summary += try await continueEpisode(by: episode)
    }
    let (imported, known) = try await importing(new)
    summary.added += imported.added
    summary.unchanged += imported.sameContent
    summary.forgotten += imported.forgotten
    summary.evicted += imported.evicted
    // Another process has told these since they were looked for, and may know less.
    for episode in known { summary += try await continueEpisode(by: episode) }
    if summary.updated > 0 {
      await syncAfterWrite()
      learnSoon()
    }
    return summary
  }

  /// Updates a stored episode by what is told of it, unless that is nothing new.
  private func continueEpisode(by later: Episode) async throws(EngramError) -> RecordSummary {
    let summary = try await engramErrors { () -> RecordSummary in
      var summary = RecordSummary()
      var attempts = 0
      while true {
        do {
          // First: a write between the two readings is noticed then.
          let revision = try await store.revision(ofEpisode: later.id)
          guard let existing = try await store.episode(id: later.id) else { continue }
          guard let continued = existing.continued(by: later) else {
            summary.unchanged = 1
            return summary
          }
          try continued.validate()
          try await store.update(
            continued, embeddings: try await embeddings(of: continued), expectedRevision: revision)
          summary.updated = 1
          return summary
        } catch DurableStoreError.changedMeanwhile where attempts < Self.changeAttemptsMax {
          // What somebody has set meanwhile stays.
          attempts += 1
        } catch DurableStoreError.notFound {
          summary.forgotten = 1
          return summary
        }
      }
    }
    if summary.updated > 0 { noteAccesses(CollectionOfOne(later.id)) }
    return summary
  }
}

extension Episode {
  /// The episode as `later` tells it; nil where that is nothing new.
  func continued(by later: Episode) -> Episode? {
    let (known, told) = (lastTime, later.lastTime)
    guard later.outcome != nil || outcome == nil, told >= known,
      told > known || later.knowledge >= knowledge,
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

  /// How much it tells: of two copies that end at the same time the one that was read earlier tells less.
  private var knowledge: (steps: Int, results: Int) {
    (steps.count, steps.count { $0.result != nil })
  }

  /// When anything of it happened last, as far as it tells.
  private var lastTime: Timestamp {
    endTime ?? steps.reduce(startTime) { max($0, $1.timestamp) }
  }
}
