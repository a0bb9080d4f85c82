public import Episodes

extension DurableStore {
  /// Adds steps to an unfinished episode.
  ///
  /// - Parameters:
  ///   - steps: numbered on from the last one stored.
  ///   - id: the episode.
  ///   - embeddings: of the episode or its steps; they replace those of the same part and model.
  /// - Throws: ``DurableStoreError/notFound(_:id:)``, ``DurableStoreError/episodeComplete(id:)``,
  ///   ``DurableStoreError/stepOutOfOrder(episode:expected:found:)``, or
  ///   ``DurableStoreError/invalid(_:)`` when a step or the grown episode breaks a rule.
  @discardableResult
  public func append(
    _ steps: [ExecutionStep], to id: String, embeddings: [Embedding] = []
  ) async throws(DurableStoreError) -> WriteOutcome {
    guard let first = steps.first else { return WriteOutcome(disposition: .ignored) }
    for (index, step) in steps.enumerated() where step.number != first.number + index {
      throw .stepOutOfOrder(
        episode: id, expected: first.number + index, found: step.number)
    }
    var sample = Episode(id: "sample", taskDescription: "sample", startTime: first.timestamp)
    sample.steps = steps
    for index in sample.steps.indices { sample.steps[index].number = index + 1 }
    try sample.validateForStore()
    try NewEpisode.validate(embeddings, ownedBy: id)
    let byteCount = steps.reduce(0) { $0 + StepRow.byteCount($1) }
    var batch = EpisodeWriteBatch()
    batch.change(
      id,
      by: SQLStatement(
        Self.appendSQL,
        [
          .text(id), .integer(batch.revision), .integer(Int64(steps.count)),
          .integer(Int64(first.number - 1)), .integer(Int64(EpisodeLimits.stepsMax)),
          .integer(Int64(EpisodeLimits.episodeBytesMax - byteCount)),
        ]),
      steps: steps, embeddings: embeddings)
    let results = try await run(&batch)
    let outcome = batch.outcomes(results)[0]
    guard outcome.disposition != .ignored else {
      throw try await reasonNotAppended(to: id, count: steps.count, first: first.number)
    }
    return outcome
  }

  /// Ends an unfinished episode.
  ///
  /// - Parameters:
  ///   - id: the episode.
  ///   - completion: what to set.
  ///   - embeddings: of the episode or its steps; they replace those of the same part and model.
  /// - Throws: ``DurableStoreError/notFound(_:id:)``, ``DurableStoreError/episodeComplete(id:)``,
  ///   ``DurableStoreError/changedMeanwhile(_:id:)`` if it has another number of steps than expected, or
  ///   ``DurableStoreError/invalid(_:)``.
  @discardableResult
  public func complete(
    _ id: String, with completion: EpisodeCompletion, embeddings: [Embedding] = []
  ) async throws(DurableStoreError) -> WriteOutcome {
    var sample = Episode(
      id: "sample", taskDescription: "sample", startTime: completion.endTime,
      endTime: completion.endTime, outcome: completion.outcome)
    sample.reward = completion.reward
    try sample.validateForStore()
    try NewEpisode.validate(embeddings, ownedBy: id)
    let reward = completion.reward
    var batch = EpisodeWriteBatch()
    batch.change(
      id,
      by: SQLStatement(
        Self.completeSQL,
        [
          .text(id), .integer(batch.revision), .integer(completion.endTime.nanosecondsSince1970),
          .text(completion.outcome.kind.rawValue), .text(JSONColumns.outcome(completion.outcome)),
          SQLValue(reward?.total), SQLValue(reward?.base), SQLValue(reward?.efficiency),
          SQLValue(reward?.complexityBonus), SQLValue(reward?.qualityMultiplier),
          SQLValue(reward?.learningBonus),
          SQLValue(completion.reflection.map(JSONColumns.reflection)),
          SQLValue(completion.salientFeatures.map(JSONColumns.strings)),
          SQLValue(completion.patternIDs.map(JSONColumns.strings)),
          SQLValue(completion.heuristicIDs.map(JSONColumns.strings)),
          SQLValue(completion.appliedPatterns.map(JSONColumns.appliedPatterns)),
          completion.expectedStepCount.map { .integer(Int64($0)) } ?? .null,
        ]),
      embeddings: embeddings)
    let results = try await run(&batch)
    let outcome = batch.outcomes(results)[0]
    guard outcome.disposition != .ignored else {
      throw try await reasonNotCompleted(id, completion)
    }
    return outcome
  }

  /// Deletes episodes with all that belongs to them: steps, tags, checkpoints, embeddings,
  /// relationships, their text and place in the indexes, and their part in what was learned.
  ///
  /// - Returns: how many there were, and the ids of their embeddings.
  @discardableResult
  public func deleteEpisodes(ids: [String]) async throws(DurableStoreError) -> DeleteOutcome {
    let (removed, embeddingIDs) = try await remove(ids: ids, forgottenAt: nil)
    return DeleteOutcome(deletedCount: removed.episodes, removedEmbeddingIDs: embeddingIDs)
  }

  /// Deletes one episode; see ``deleteEpisodes(ids:)``.
  @discardableResult
  public func deleteEpisode(id: String) async throws(DurableStoreError) -> DeleteOutcome {
    try await deleteEpisodes(ids: [id])
  }
}

extension DurableStore {
  /// How many steps an unfinished episode has, without reading them.
  ///
  /// - Throws: ``DurableStoreError/notFound(_:id:)`` or ``DurableStoreError/episodeComplete(id:)``.
  public func stepCount(ofUnfinished id: String) async throws(DurableStoreError) -> Int {
    let state = try await state(of: id)
    guard !state.isComplete else { throw .episodeComplete(id: id) }
    return state.stepCount
  }

  private static let appendSQL =
    """
    UPDATE episodes SET step_count = step_count + ?3, revision = ?2
    WHERE id = ?1 AND step_count = ?4 AND outcome IS NULL AND end_time IS NULL
      AND step_count + ?3 <= ?5
      AND length(CAST(task_description AS BLOB)) + (
        SELECT coalesce(sum(
          length(CAST(tool AS BLOB)) + length(CAST(action AS BLOB))
          + length(CAST(parameters AS BLOB)) + coalesce(length(CAST(result_text AS BLOB)), 0)
          + length(CAST(metadata AS BLOB))), 0)
        FROM steps WHERE episode = episodes.rowid
      ) <= ?6
    """

  // Patterns that feedback has added since the episode was read stay beside those that are given.
  private static let completeSQL =
    """
    UPDATE episodes SET
      revision = ?2, end_time = ?3, outcome_kind = ?4, outcome = ?5, reward_total = ?6,
      reward_base = ?7, reward_efficiency = ?8, reward_complexity_bonus = ?9,
      reward_quality_multiplier = ?10, reward_learning_bonus = ?11, reflection = ?12,
      salient_features = coalesce(?13, salient_features),
      pattern_ids = coalesce(?14, pattern_ids),
      heuristic_ids = coalesce(?15, heuristic_ids),
      applied_patterns = CASE WHEN ?16 IS NULL THEN applied_patterns ELSE (
        SELECT json_group_array(json(value)) FROM (
          SELECT value, key, 0 AS part FROM json_each(episodes.applied_patterns)
          WHERE json_extract(value, '$.patternID') NOT IN (
            SELECT json_extract(value, '$.patternID') FROM json_each(?16)
          )
          UNION ALL SELECT value, key, 1 FROM json_each(?16)
          ORDER BY part, key
        )
      ) END
    WHERE id = ?1 AND outcome IS NULL AND end_time IS NULL AND start_time <= ?3
      AND (?17 IS NULL OR step_count = ?17)
    """

  /// Start time, step count and whether the episode has ended.
  private func state(
    of id: String
  ) async throws(DurableStoreError) -> (start: Timestamp, stepCount: Int, isComplete: Bool) {
    let result = try await read(
      """
      SELECT start_time, step_count, outcome IS NOT NULL OR end_time IS NOT NULL
      FROM episodes WHERE id = ?1
      """, [.text(id)])
    guard let values = result.rows.first else { throw .notFound(.episode, id: id) }
    var row = RowReader(table: "episodes", columns: result.columns, values: values)
    return (try row.timestamp(), Int(try row.integer()), try row.integer() != 0)
  }

  private func reasonNotAppended(
    to id: String, count: Int, first: Int
  ) async throws(DurableStoreError) -> DurableStoreError {
    let state = try await state(of: id)
    if state.isComplete { return .episodeComplete(id: id) }
    if first != state.stepCount + 1 {
      return .stepOutOfOrder(episode: id, expected: state.stepCount + 1, found: first)
    }
    if state.stepCount + count > EpisodeLimits.stepsMax {
      return .invalid(
        ValidationError(
          field: "steps", problem: "would be \(state.stepCount + count)",
          expected: "at most \(EpisodeLimits.stepsMax)"))
    }
    return .invalid(
      ValidationError(
        field: "episode", problem: "would hold too many bytes of text",
        expected: "at most \(EpisodeLimits.episodeBytesMax)"))
  }

  private func reasonNotCompleted(
    _ id: String, _ completion: EpisodeCompletion
  ) async throws(DurableStoreError) -> DurableStoreError {
    let state = try await state(of: id)
    if state.isComplete { return .episodeComplete(id: id) }
    if let expected = completion.expectedStepCount, expected != state.stepCount {
      return .changedMeanwhile(.episode, id: id)
    }
    return .invalid(
      ValidationError(
        field: "endTime", problem: "\(completion.endTime) is before startTime \(state.start)",
        expected: "a time not before it"))
  }
}
