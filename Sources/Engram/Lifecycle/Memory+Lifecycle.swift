internal import Cache
internal import DurableStore
public import Episodes
internal import Sync

extension Memory {
  /// Starts an episode. It is found by searches from now on, though it has not ended.
  ///
  /// - Throws: ``EngramError``: `invalidInput` names the field; `conflict` if the id is taken.
  public func startEpisode(_ task: NewTask) async throws(EngramError) -> Episode {
    try checkShard(of: CollectionOfOne(task.namespace))
    let now = configuration.now()
    let episode = Episode(
      id: task.id ?? Identifier.make(at: now), namespace: task.namespace, agentID: task.agentID,
      sessionID: task.sessionID, taskType: task.type, taskDescription: task.description,
      context: task.context, startTime: now, tags: task.tags, metadata: task.metadata,
      location: task.location, validFrom: task.validFrom, validUntil: task.validUntil)
    try await engramErrors {
      try episode.validate()
      let embeddings = try await embeddings(of: episode)
      try await store.insert([NewEpisode(episode, embeddings: embeddings)])
    }
    await syncAfterWrite(added: [episode.namespace: 1])
    return episode
  }

  /// Adds a step to an unfinished episode.
  ///
  /// - Returns: the step with its number and time.
  /// - Throws: ``EngramError``: `notFound`, `conflict` if the episode has ended, `invalidInput`.
  @discardableResult
  public func logStep(
    _ step: NewStep, in episodeID: String
  ) async throws(EngramError) -> ExecutionStep {
    try await logSteps([step], in: episodeID)[0]
  }

  /// Ends an episode: sets its end, outcome, reward (``RewardFormula``), reflection (``ReflectionRules``) and
  /// salient features (``SalientFeatures``), and queues it to be learned from.
  ///
  /// Patterns are drawn from it later, in the background: then the episode names them, and its reward gets the
  /// part for those that it was the first to show.
  ///
  /// - Parameters:
  ///   - outcome: how it ended.
  ///   - appliedPatterns: patterns that were used, and what that did, beside those that feedback on a
  ///     recommendation has named already. Without an effect the outcome tells.
  /// - Returns: the episode as it is now.
  /// - Throws: ``EngramError``: `notFound`, `conflict` if the episode has ended, `invalidInput`.
  @discardableResult
  public func completeEpisode(
    _ id: String, outcome: TaskOutcome, appliedPatterns: [AppliedPattern] = []
  ) async throws(EngramError) -> Episode {
    let completed = try await engramErrors {
      var attempts = 0
      while true {
        do {
          return try await complete(id, outcome: outcome, appliedPatterns: appliedPatterns)
        } catch DurableStoreError.changedMeanwhile where attempts < Self.changeAttemptsMax {
          // Another task logged a step meanwhile: the reward must count it.
          attempts += 1
        }
      }
    }
    await syncAfterWrite()
    learnSoon()
    return completed
  }

  private func complete(
    _ id: String, outcome: TaskOutcome, appliedPatterns: [AppliedPattern]
  ) async throws -> Episode {
    guard var episode = try await store.episode(id: id) else {
      throw DurableStoreError.notFound(.episode, id: id)
    }
    guard episode.outcome == nil else { throw DurableStoreError.episodeComplete(id: id) }
    // A clock that was set back must not make an episode that cannot be stored.
    let end = max(configuration.now(), episode.startTime)
    episode.endTime = end
    episode.outcome = outcome
    episode.conclude()
    if !appliedPatterns.isEmpty {
      try await checkPatterns(appliedPatterns.map(\.patternID), namespace: episode.namespace)
      let named = Set(appliedPatterns.map(\.patternID))
      episode.appliedPatterns.removeAll { named.contains($0.patternID) }
      episode.appliedPatterns += appliedPatterns
    }
    try episode.validate()
    let embeddings = try await embeddings(of: episode)
    try await store.complete(
      id,
      with: EpisodeCompletion(
        endTime: end, outcome: outcome, reward: episode.reward, reflection: episode.reflection,
        salientFeatures: episode.salientFeatures,
        appliedPatterns: appliedPatterns.isEmpty ? nil : appliedPatterns,
        expectedStepCount: episode.steps.count),
      embeddings: embeddings)
    // With what feedback has said since it was read.
    return try await store.episode(id: id) ?? episode
  }

  /// The episode with this id, from the durable store, or from the cache where the store is away; nil if
  /// there is none.
  ///
  /// - Throws: ``EngramError``: `storeAway` where the store is away and the cache does not hold the episode.
  public func episode(id: String) async throws(EngramError) -> Episode? {
    noteAccesses(CollectionOfOne(id))
    return try await engramErrors {
      try await reading {
        try await store.episode(id: id)
      } elseInCache: {
        // The cache holds some of the episodes: what it lacks may be in the store.
        guard let episode = try records.episode(id: id) else {
          throw StoreAway(problem: "episode '\(id)' is not in the cache")
        }
        return episode
      }
    }
  }

  /// Episodes that meet a filter, latest start first. Where the durable store is away those in the cache are
  /// listed, and the list says that it is partial (``EpisodeList/isPartial``).
  ///
  /// - Parameters:
  ///   - limit: the most to return.
  ///   - cursor: the `next` of the page before.
  /// - Throws: ``EngramError``: `invalidInput`; `storeAway` where the store is away and a cursor is given,
  ///   since the cache cannot tell what comes after it.
  public func episodes(
    matching filter: EpisodeFilter = EpisodeFilter(), limit: Int = 100, after cursor: String? = nil
  ) async throws(EngramError) -> EpisodeList {
    try await engramErrors {
      var position: EpisodeCursor?
      if let cursor {
        guard let parsed = EpisodeCursor(cursor) else {
          throw ValidationError(
            field: "cursor", problem: "'\(cursor.prefix(80))' is not one",
            expected: "the cursor that the page before returned")
        }
        position = parsed
      }
      return try await reading {
        let page = try await store.episodes(matching: filter, limit: limit, after: position)
        return EpisodeList(episodes: page.episodes, next: page.next?.description)
      } elseInCache: {
        // Row ids, which cursors are made of, are not in the cache.
        guard position == nil else {
          throw StoreAway(problem: "a listing cannot be continued from the cache")
        }
        return EpisodeList(
          episodes: Array(try cachedEpisodes(matching: filter).prefix(limit)), next: nil,
          isPartial: true)
      }
    }
  }

  /// Deletes an episode with everything that belongs to it.
  ///
  /// - Throws: ``EngramError`` with code `notFound` if there is none.
  public func deleteEpisode(_ id: String) async throws(EngramError) {
    try await engramErrors {
      let deleted = try await embeddingNeighborsAgain(of: [id]) {
        try await store.deleteEpisode(id: id).deletedCount
      }
      guard deleted > 0 else { throw DurableStoreError.notFound(.episode, id: id) }
    }
    await syncAfterWrite()
  }
}
