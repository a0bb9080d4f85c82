internal import DurableStore
public import Episodes
internal import Sync

extension Memory {
  /// Marks the present point of an unfinished episode, to go on from it later.
  ///
  /// - Parameters:
  ///   - episodeID: the episode.
  ///   - label: a short name.
  ///   - note: what whoever goes on should know.
  /// - Throws: ``EngramError``: `notFound`, `conflict` if the episode has ended, `invalidInput`.
  @discardableResult
  public func checkpoint(
    _ episodeID: String, label: String, note: String? = nil
  ) async throws(EngramError) -> Checkpoint {
    let made = try await engramErrors {
      guard var episode = try await store.episode(id: episodeID) else {
        throw DurableStoreError.notFound(.episode, id: episodeID)
      }
      guard !episode.isFinished else { throw DurableStoreError.episodeComplete(id: episodeID) }
      guard label.contains(where: { !$0.isWhitespace }) else {
        throw ValidationError(
          field: "checkpoint.label", problem: "is empty", expected: "a short name of the point")
      }
      let now = configuration.now()
      let checkpoint = Checkpoint(
        id: Identifier.make(at: now), episode: episodeID, stepNumber: episode.steps.count,
        timestamp: now, label: label, note: note)
      episode.checkpoints.append(checkpoint)
      try episode.validate()
      try await store.put(checkpoint)
      return checkpoint
    }
    await syncAfterWrite()
    return made
  }

  /// The checkpoints of an episode, in their order.
  ///
  /// - Throws: ``EngramError`` with code `notFound` if there is no such episode.
  public func checkpoints(of episodeID: String) async throws(EngramError) -> [Checkpoint] {
    try await existing(episodeID).checkpoints
  }

  /// Deletes a checkpoint.
  ///
  /// - Throws: ``EngramError`` with code `notFound`.
  public func deleteCheckpoint(id: String) async throws(EngramError) {
    try await engramErrors {
      guard let checkpoint = try await store.checkpoint(id: id),
        try await store.deleteCheckpoint(id: id, ofEpisode: checkpoint.episode)
      else { throw DurableStoreError.notFound(.checkpoint, id: id) }
    }
    await syncAfterWrite()
  }

  /// What the next agent needs to go on with an episode; see `HandoffPack`.
  ///
  /// - Throws: ``EngramError`` with code `notFound`.
  public func handoffPack(for episodeID: String) async throws(EngramError) -> HandoffPack {
    let episode = try await existing(episodeID)
    return try await engramErrors { try await handoffPack(of: episode) }
  }

  /// Goes on with an unfinished episode: from a checkpoint, or after its last step. Nothing that was done is
  /// taken back; what came after the checkpoint is told.
  ///
  /// - Parameters:
  ///   - id: the episode.
  ///   - checkpointID: one of its checkpoints.
  ///   - agentID: who goes on with it; nil leaves the agent as it is.
  /// - Throws: ``EngramError``: `notFound`, `conflict` if the episode has ended.
  public func resumeEpisode(
    _ id: String, fromCheckpoint checkpointID: String? = nil, agentID: String? = nil
  ) async throws(EngramError) -> ResumedEpisode {
    var episode = try await existing(id)
    let resumed = try await engramErrors {
      guard !episode.isFinished else { throw DurableStoreError.episodeComplete(id: id) }
      var checkpoint: Checkpoint?
      if let checkpointID {
        checkpoint = episode.checkpoints.first { $0.id == checkpointID }
        guard checkpoint != nil else {
          throw DurableStoreError.notFound(.checkpoint, id: checkpointID)
        }
      }
      if let agentID, agentID != episode.agentID {
        episode = try await updateEpisode(id, EpisodeChanges(agentID: .set(agentID)))
      }
      return ResumedEpisode(
        episode: episode, checkpoint: checkpoint,
        stepsSinceCheckpoint: checkpoint.map { point in
          episode.steps.filter { $0.number > point.stepNumber }
        } ?? [],
        nextStepNumber: episode.steps.count + 1, handoff: try await handoffPack(of: episode))
    }
    return resumed
  }

  func existing(_ id: String) async throws(EngramError) -> Episode {
    guard let episode = try await episode(id: id) else {
      throw EngramError(DurableStoreError.notFound(.episode, id: id))
    }
    return episode
  }

  private func handoffPack(of episode: Episode) async throws -> HandoffPack {
    let (patterns, heuristics) = try await reading {
      (try await relevantPatterns(for: episode), try await relevantHeuristics(for: episode))
    } elseInCache: {
      // Whose they are cannot be told without the store.
      ([], [])
    }
    return HandoffPack(of: episode, patterns: patterns, heuristics: heuristics)
  }

  private static let relevantMax = 5
  private static let examinedMax = 500

  /// Patterns of the episode's domain that its own namespace has evidence of, the most successful first.
  private func relevantPatterns(for episode: Episode) async throws -> [Pattern] {
    let found = try await store.patterns(domain: episode.context.domain, limit: Self.examinedMax)
    let known = try await namespaces(ofEvidence: found.map(\.evidence))
    let context = episode.context
    func rank(_ pattern: Pattern) -> Double {
      // Successes among the occurrences, as if there had been one failure more.
      let count = Double(pattern.occurrenceCount)
      let language = pattern.context.language == context.language ? 1 : 0.8
      return pattern.successRate * count / (count + 1) * language
    }
    return Array(
      zip(found, known).filter { $1.contains(episode.namespace) }.map(\.0)
        .sorted { (rank($0), $1.id) > (rank($1), $0.id) }.prefix(Self.relevantMax))
  }

  private func relevantHeuristics(for episode: Episode) async throws -> [Heuristic] {
    let found = try await store.heuristics(limit: Self.examinedMax)
    let known = try await namespaces(ofEvidence: found.map(\.evidence))
    return Array(
      zip(found, known).filter { $1.contains(episode.namespace) }.map(\.0)
        .sorted { ($0.confidence, $1.id) > ($1.confidence, $0.id) }.prefix(Self.relevantMax))
  }

  /// The namespaces that each list of episodes comes from.
  private func namespaces(ofEvidence lists: [[String]]) async throws -> [Set<String>] {
    let known = try await store.namespaces(ofEpisodes: lists.flatMap { $0 }.uniqued())
    return lists.map { Set($0.compactMap { known[$0] }) }
  }
}
