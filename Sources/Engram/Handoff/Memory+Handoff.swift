internal import DurableStore
public import Episodes
internal import Sync

extension Memory {
  /// Marks the present point of an unfinished episode, to go on from it later.
  ///
  /// - Parameters:
  ///   - episodeID: the episode.
  ///   - label: a short name, for people. Several may have the same: what is meant is told by the id.
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

  /// The checkpoint with this id; nil if there is none.
  public func checkpoint(id: String) async throws(EngramError) -> Checkpoint? {
    try await engramErrors { try await store.checkpoint(id: id) }
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
    let (patterns, heuristics): ([Pattern], [Heuristic]) = try await reading {
      let ranked = try await rankedPatterns(for: episode)
      return (
        try await relevantPatterns(for: episode, ranked: ranked),
        try await relevantHeuristics(for: episode, ranked: ranked)
      )
    } elseInCache: {
      // Whose they are cannot be told without the store.
      ([], [])
    }
    return HandoffPack(of: episode, patterns: patterns, heuristics: heuristics)
  }

  private static let relevantMax = 5
  private static let rankedMax = 50
  private static let pageSize = 500

  /// The patterns of the episode's namespace as they would be recommended for its task, which is not noted; nil
  /// where there is no model to compare words by.
  private func rankedPatterns(for episode: Episode) async throws -> [Pattern]? {
    guard (try? currentEmbedder()) != nil else { return nil }
    let request = PatternRequest(
      episode.taskDescription, context: episode.context, namespace: episode.namespace,
      limit: Self.rankedMax, episodeID: episode.id)
    return try await ranked(request, weights: .recommend).filter {
      $0.score.semantic >= request.likenessMin
        || $0.pattern.context.domain == episode.context.domain
    }.prefix(Self.rankedMax).map(\.pattern)
  }

  private func relevantPatterns(
    for episode: Episode, ranked: [Pattern]?
  ) async throws -> [Pattern] {
    if let ranked { return Array(ranked.prefix(Self.relevantMax)) }
    // Without a model those of the domain that most surely work.
    var best: [Pattern] = []
    var last = ""
    while true {
      let page = try await store.patterns(
        namespace: episode.namespace, domain: episode.context.domain, after: last,
        limit: Self.pageSize)
      guard let end = page.last else { return best }
      last = end.id
      best = Array(
        (best + page).sorted {
          ($0.wilsonLowerBound, $1.id) > ($1.wilsonLowerBound, $0.id)
        }.prefix(Self.relevantMax))
    }
  }

  /// Rules of the patterns that are recommended come first, then those that are surest.
  private func relevantHeuristics(
    for episode: Episode, ranked: [Pattern]?
  ) async throws -> [Heuristic] {
    let ranks = Dictionary(
      (ranked ?? []).enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
    var best: [Heuristic] = []
    var last = ""
    while true {
      let page = try await store.heuristics(
        namespace: episode.namespace, after: last, limit: Self.pageSize)
      guard let end = page.last else { return best }
      last = end.id
      best = Array(
        (best + page).sorted { left, right in
          let (first, second) = (ranks[left.id] ?? .max, ranks[right.id] ?? .max)
          return (second, left.confidence, right.id) > (first, right.confidence, left.id)
        }.prefix(Self.relevantMax))
    }
  }
}
