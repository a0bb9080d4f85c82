import Episodes

/// The statements for steps, checkpoints and embeddings.
extension EpisodeWriteBatch {
  mutating func add(_ sql: String, _ arguments: [SQLValue]) -> Int {
    parts.append(SQLStatement(sql, arguments))
    return parts.count - 1
  }

  /// Marks the stored row, and takes away its parts and the embeddings that will not stay.
  mutating func startRewrite(
    of episode: Episode, keeping embeddings: [Embedding]?, revision: Int64, plan: inout Plan
  ) {
    writesTags = true
    rewritesTags = true
    let key: [SQLValue] = [.text(episode.id), .integer(revision)]
    plan.mark = add(Self.mark, key)
    _ = add(Self.deleteSteps, key)
    _ = add(Self.deleteCheckpoints, key)
    guard let embeddings else { return }
    let kept = embeddings.map { "\($0.owner.kind.rawValue) \($0.owner.part) \($0.model)" }
    plan.removals.append(
      add(Self.deleteOtherEmbeddings, key + [.text(JSONColumns.strings(kept))]))
  }

  mutating func addParts(of episode: Episode, revision: Int64) {
    addSteps(episode.steps, of: episode.id, revision: revision)
    addCheckpoints(of: episode, revision: revision)
  }

  mutating func addCheckpoints(of episode: Episode, revision: Int64) {
    let id = SQLValue.text(episode.id)
    for (position, checkpoint) in episode.checkpoints.enumerated() {
      _ = add(
        CheckpointRow.insert,
        CheckpointRow.arguments(checkpoint, position: position, episode: id, revision: revision))
    }
  }

  mutating func addSteps(_ steps: [ExecutionStep], of id: String, revision: Int64) {
    let id = SQLValue.text(id)
    for step in steps {
      pendingSteps.add(to: &parts) { values in
        StepRow.append(step, episode: id, revision: revision, to: &values)
        return 1
      }
    }
  }

  mutating func addEmbeddings(
    _ embeddings: [Embedding], of id: String, revision: Int64, mayExist: Bool, plan: inout Plan
  ) {
    plan.selectsIDs = mayExist
    for embedding in embeddings {
      var values = EmbeddingRow.arguments(embedding)
      // The owner is spelled as the episode is.
      values[0] = .text(id)
      if mayExist {
        plan.removals.append(
          add(EmbeddingRow.deleteChangedOfEpisode, values + [.integer(revision)]))
      }
      let insert = add(EmbeddingRow.insertOfEpisode, values + [.integer(revision)])
      plan.embeddings.append(mayExist ? add(EmbeddingRow.idOfOwner, Array(values[0..<4])) : insert)
    }
  }

  private static let mark = "UPDATE episodes SET step_count = -1, revision = ?2 WHERE id = ?1"

  private static let deleteSteps =
    "DELETE FROM steps WHERE episode = (SELECT rowid FROM episodes WHERE id = ?1 AND revision = ?2)"

  private static let deleteCheckpoints =
    """
    DELETE FROM checkpoints
    WHERE episode = (SELECT rowid FROM episodes WHERE id = ?1 AND revision = ?2)
    """

  /// Deletes what is left of a text that had more parts than it has now: it would still be found by what it no longer
  /// says.
  mutating func removeParts(
    beyond embeddings: [Embedding], of id: String, revision: Int64, plan: inout Plan
  ) {
    let parts = embeddings.filter { $0.owner.kind == .episode }
    for model in Set(parts.map(\.model)) {
      let last = parts.lazy.filter { $0.model == model }.map(\.owner.part).max() ?? 0
      plan.removals.append(
        add(
          Self.deletePartsBeyond,
          [.text(id), .integer(revision), .text(model), .integer(Int64(last))]))
    }
  }

  private static let deletePartsBeyond =
    """
    DELETE FROM embeddings
    WHERE owner_id = ?1 AND owner_kind = 'episode' AND part > ?4 AND model = ?3
      AND EXISTS (SELECT 1 FROM episodes WHERE id = ?1 AND revision = ?2)
    RETURNING id
    """

  private static let deleteOtherEmbeddings =
    """
    DELETE FROM embeddings
    WHERE episode = (SELECT rowid FROM episodes WHERE id = ?1 AND revision = ?2)
      AND owner_kind || ' ' || part || ' ' || model NOT IN (SELECT value FROM json_each(?3))
    RETURNING id
    """
}
