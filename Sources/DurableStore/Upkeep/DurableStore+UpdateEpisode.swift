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
    var batch = EpisodeWriteBatch()
    var arguments: [SQLValue] = [
      .text(episode.id), .integer(batch.revision), .integer(revision),
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
    batch.writesTags = true
    batch.rewritesTags = true
    batch.change(
      episode.id,
      by: SQLStatement(
        "UPDATE episodes SET \(columns.joined(separator: ", ")) WHERE id = ?1 AND revision = ?3",
        arguments),
      embeddings: embeddings)
    batch.parts.append(Self.restartLearning(of: [episode.id]))
    let results = try await run(&batch)
    let outcome = batch.outcomes(results)[0]
    guard outcome.disposition != .ignored else {
      _ = try await self.revision(ofEpisode: episode.id)
      throw .changedMeanwhile(.episode, id: episode.id)
    }
    return outcome
  }
}
