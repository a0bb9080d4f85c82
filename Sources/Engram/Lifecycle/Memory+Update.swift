internal import DurableStore
public import Episodes
internal import Sync

extension Memory {
  /// Adds steps to an unfinished episode: all of them, one after the other, or none.
  ///
  /// - Returns: the steps with their numbers and times.
  /// - Throws: ``EngramError``: `notFound`, `conflict` if the episode has ended, `invalidInput`.
  @discardableResult
  public func logSteps(
    _ steps: [NewStep], in episodeID: String
  ) async throws(EngramError) -> [ExecutionStep] {
    let logged = try await engramErrors {
      var attempts = 0
      while true {
        let count = try await store.stepCount(ofUnfinished: episodeID)
        let now = configuration.now()
        let numbered = steps.enumerated().map { offset, step in
          step.step(number: count + 1 + offset, timestamp: now)
        }
        do {
          try await store.append(numbered, to: episodeID)
          return numbered
        } catch DurableStoreError.stepOutOfOrder where attempts < Self.changeAttemptsMax {
          // Another task logged a step meanwhile.
          attempts += 1
        }
      }
    }
    await syncAfterWrite()
    return logged
  }

  static let changeAttemptsMax = 100

  /// Ends an episode that did not reach its goal.
  @discardableResult
  public func failEpisode(
    _ id: String, reason: String, details: String? = nil
  ) async throws(EngramError) -> Episode {
    try await completeEpisode(id, outcome: .failure(reason: reason, details: details))
  }

  /// Ends an episode that was given up on purpose.
  ///
  /// - Parameter signals: what warned the agent.
  @discardableResult
  public func abstainEpisode(
    _ id: String, reason: String, stoppedAtStep: Int, signals: [String] = []
  ) async throws(EngramError) -> Episode {
    try await completeEpisode(
      id, outcome: .abstained(reason: reason, stoppedAtStep: stoppedAtStep, signals: signals))
  }

  /// Changes what an episode is about. What was done in it, and how it ended, stays.
  ///
  /// ```swift
  /// try await memory.updateEpisode(id, EpisodeChanges(agentID: .set("ben")))
  /// ```
  ///
  /// - Returns: the episode as it is now.
  /// - Throws: ``EngramError``: `notFound`, `invalidInput` names the field.
  @discardableResult
  public func updateEpisode(
    _ id: String, _ changes: EpisodeChanges
  ) async throws(EngramError) -> Episode {
    try await changeEpisode(id) { _ in changes }
  }

  /// Changes an episode by what follows from how it is.
  func changeEpisode(
    _ id: String, _ makeChanges: @Sendable (Episode) -> EpisodeChanges
  ) async throws(EngramError) -> Episode {
    let updated = try await engramErrors {
      var attempts = 0
      while true {
        // First: a write between the two readings is noticed then.
        let revision = try await store.revision(ofEpisode: id)
        guard var episode = try await store.episode(id: id) else {
          throw DurableStoreError.notFound(.episode, id: id)
        }
        let changes = makeChanges(episode)
        if changes.isEmpty { return episode }
        changes.apply(to: &episode)
        try episode.validate()
        let isOtherTurn = changes.taskDescription != nil || changes.sessionID != .keep
        let followers = isOtherTurn ? try await store.episodesAfter([id]) : []
        let embedded = try await embeddings(of: [episode])[0]
        do {
          try await store.update(
            episode, changes, expectedRevision: revision, embeddings: embedded)
          // The turn after it is embedded with what it says, and so is the one that was after it.
          if isOtherTurn { await embedFollowersAgain(of: [id], and: followers) }
          return episode
        } catch DurableStoreError.changedMeanwhile where attempts < Self.changeAttemptsMax {
          attempts += 1
        }
      }
    }
    await syncAfterWrite()
    return updated
  }

  /// The episode with this id, if it is in a namespace.
  ///
  /// - Throws: ``EngramError``: `storeAway` where the store is away and the cache does not hold the episode.
  public func episode(
    id: String, namespace: String
  ) async throws(EngramError) -> Episode? {
    guard let episode = try await episode(id: id), episode.namespace == namespace else {
      return nil
    }
    return episode
  }

  /// Episodes that have not ended, latest start first: also those of a process that was killed, with every
  /// step that was acknowledged. They go on with ``logStep(_:in:)``, and end with ``completeEpisode(_:outcome:)``.
  ///
  /// - Parameters:
  ///   - filter: further conditions.
  ///   - limit: the most to return.
  ///   - cursor: the `next` of the page before.
  public func unfinishedEpisodes(
    matching filter: EpisodeFilter = EpisodeFilter(), limit: Int = 100, after cursor: String? = nil
  ) async throws(EngramError) -> EpisodeList {
    var filter = filter
    filter.isFinished = false
    return try await episodes(matching: filter, limit: limit, after: cursor)
  }
}
