public import Episodes

extension DurableStore {
  /// A number that each write of an episode's row changes, to see that there was none meanwhile.
  ///
  /// - Throws: ``DurableStoreError/notFound(_:id:)``.
  public func revision(ofEpisode id: String) async throws(DurableStoreError) -> Int64 {
    let result = try await read("SELECT revision FROM episodes WHERE id = ?1", [.text(id)])
    guard let revision = result.firstInteger else { throw .notFound(.episode, id: id) }
    return revision
  }

  /// Changes fields of an episode; steps, outcome and what was learned stay.
  ///
  /// - Parameters:
  ///   - episode: as it is after `changes`, validated.
  ///   - changes: which fields are written.
  ///   - revision: what ``revision(ofEpisode:)`` said before the episode was read.
  ///   - embeddings: of the changed episode; they replace those of the same part and model.
  /// - Throws: ``DurableStoreError/notFound(_:id:)``, ``DurableStoreError/changedMeanwhile(_:id:)``,
  ///   ``DurableStoreError/invalid(_:)``.
  @discardableResult
  public func update(
    _ episode: Episode, _ changes: EpisodeChanges, expectedRevision revision: Int64,
    embeddings: [Embedding]
  ) async throws(DurableStoreError) -> WriteOutcome {
    try NewEpisode(episode, embeddings: embeddings).validate()
    let update = EpisodeUpdate(
      episode, changes, expectedRevision: revision, embeddings: embeddings)
    let outcome = try await writeUpdates([update])[0]
    guard outcome.disposition != .ignored else {
      _ = try await self.revision(ofEpisode: episode.id)
      throw .changedMeanwhile(.episode, id: episode.id)
    }
    return outcome
  }

  /// What ``revision(ofEpisode:)`` says of several; those that are not stored are left out.
  public func revisions(
    ofEpisodes ids: [String]
  ) async throws(DurableStoreError) -> [String: Int64] {
    let result = try await read(
      "SELECT id, revision FROM episodes WHERE id IN (SELECT value FROM json_each(?1))",
      [.text(JSONColumns.strings(ids))])
    var revisions: [String: Int64] = [:]
    for values in result.rows {
      var row = RowReader(table: "episodes", columns: result.columns, values: values)
      revisions[try row.text()] = try row.integer()
    }
    return revisions
  }

  /// Changes the tags of episodes, in one transaction. One that was changed or deleted meanwhile is left as it is.
  ///
  /// What the episodes hold besides is not looked at: what an earlier version let in must not keep a tag.
  ///
  /// - Parameter updates: at most ``upkeepBatchMax``, of tags and contexts only.
  /// - Returns: how many were changed.
  public func updateTags(_ updates: [EpisodeUpdate]) async throws(DurableStoreError) -> Int {
    if updates.isEmpty { return 0 }
    for update in updates {
      try NewEpisode.validate(update.embeddings, ownedBy: update.episode.id)
    }
    return try await writeUpdates(updates).count { $0.disposition != .ignored }
  }

  private func writeUpdates(
    _ updates: [EpisodeUpdate]
  ) async throws(DurableStoreError) -> [WriteOutcome] {
    var batch = EpisodeWriteBatch()
    batch.writesTags = true
    batch.rewritesTags = true
    for update in updates {
      batch.change(
        update.episode.id, by: Self.statement(of: update, revision: batch.revision),
        embeddings: update.embeddings)
    }
    batch.parts.append(Self.restartLearning(of: updates.map(\.episode.id)))
    return batch.outcomes(try await run(&batch))
  }

  /// The statement that writes the changed fields with a new revision.
  private static func statement(of update: EpisodeUpdate, revision: Int64) -> SQLStatement {
    let (episode, changes) = (update.episode, update.changes)
    var arguments: [SQLValue] = [
      .text(episode.id), .integer(revision), .integer(update.expectedRevision),
    ]
    var columns = ["revision = ?2"]
    func set(_ column: StaticString, _ value: SQLValue) {
      arguments.append(value)
      columns.append("\(column) = ?\(arguments.count)")
    }
    if changes.taskDescription != nil { set("task_description", .text(episode.taskDescription)) }
    if changes.taskType != nil { set("task_type", .text(episode.taskType.rawValue)) }
    if changes.context != nil {
      set("domain", .text(episode.context.domain))
      set("language", SQLValue(episode.context.language))
      set("framework", SQLValue(episode.context.framework))
      set("complexity", .text(episode.context.complexity.rawValue))
      set("context_tags", .text(JSONColumns.tags(episode.context.tags)))
    }
    if changes.tags != nil { set("tags", .text(JSONColumns.tags(episode.tags))) }
    if !changes.metadata.isEmpty || !changes.removedMetadata.isEmpty {
      set("metadata", .text(JSONColumns.object(episode.metadata)))
    }
    if changes.agentID != .keep { set("agent_id", SQLValue(episode.agentID)) }
    if changes.sessionID != .keep { set("session_id", SQLValue(episode.sessionID)) }
    if changes.location != .keep {
      set("latitude", SQLValue(episode.location?.latitude))
      set("longitude", SQLValue(episode.location?.longitude))
    }
    if changes.validFrom != .keep {
      set("valid_from", SQLValue(episode.validFrom?.nanosecondsSince1970))
    }
    if changes.validUntil != .keep {
      set("valid_until", SQLValue(episode.validUntil?.nanosecondsSince1970))
    }
    return SQLStatement(
      "UPDATE episodes SET \(columns.joined(separator: ", ")) WHERE id = ?1 AND revision = ?3",
      arguments)
  }
}
