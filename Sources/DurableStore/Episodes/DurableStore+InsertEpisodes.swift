public import Episodes

extension DurableStore {
  /// Stores episodes with their embeddings, all in one transaction.
  ///
  /// - Parameters:
  ///   - episodes: batches of 100 to 1,000 are fastest; the whole batch is held in memory.
  ///   - policy: what happens to ids that are stored already.
  /// - Returns: what happened to each episode, in order.
  /// - Throws: ``DurableStoreError/invalid(_:)`` when an episode or embedding breaks a rule,
  ///   ``DurableStoreError/duplicate(_:id:)`` with ``InsertConflictPolicy/fail``; then nothing is
  ///   stored.
  @discardableResult
  public func insert(
    _ episodes: [NewEpisode], onConflict policy: InsertConflictPolicy = .fail
  ) async throws(DurableStoreError) -> [WriteOutcome] {
    if episodes.isEmpty { return [] }
    var batch = EpisodeWriteBatch()
    for new in episodes { try new.validate() }
    batch.insert(episodes, onConflict: policy)
    let results = try await run(&batch)
    return batch.outcomes(results)
  }

  /// Replaces a stored episode as a whole.
  ///
  /// - Parameters:
  ///   - episode: what it shall be.
  ///   - embeddings: all of its embeddings; those that stand for the same text keep their ids. `nil`
  ///     leaves the stored ones.
  ///   - revision: what ``revision(ofEpisode:)`` said before the episode was read; nil to replace it however it is.
  /// - Throws: ``DurableStoreError/notFound(_:id:)`` when there is none with its id,
  ///   ``DurableStoreError/changedMeanwhile(_:id:)`` when it has another revision; then it stays as it is.
  @discardableResult
  public func update(
    _ episode: Episode, embeddings: [Embedding]? = nil, expectedRevision revision: Int64? = nil
  ) async throws(DurableStoreError) -> WriteOutcome {
    try await replace(
      episode, embeddings: embeddings,
      check: revision.map { Self.check($0, ofEpisode: episode.id) })
  }

  /// - Parameter check: breaks a rule where the episode is not what it was.
  func replace(
    _ episode: Episode, embeddings: [Embedding]?, check: SQLStatement?
  ) async throws(DurableStoreError) -> WriteOutcome {
    try NewEpisode(episode, embeddings: embeddings ?? []).validate()
    var attempts = 0
    while true {
      // What it is learned from anew is first taken out of what was learned from it before.
      let unlearning = try await unlearning(ofReplaced: episode)
      var batch = EpisodeWriteBatch()
      if let check { batch.parts.append(check) }
      let learningIndex = batch.parts.count
      if let unlearning { batch.parts.append(unlearning.check) }
      batch.update(episode, embeddings: embeddings)
      batch.parts.append(Self.restartLearning(of: [episode.id]))
      if let unlearning {
        batch.parts += unlearning.goneStatements + unlearning.keptStatements
        batch.parts += unlearning.useStatements
      }
      do throws(DurableStoreError) {
        let outcome = batch.outcomes(try await run(&batch))[0]
        guard outcome.disposition == .replaced else {
          throw DurableStoreError.notFound(.episode, id: episode.id)
        }
        return outcome
      } catch {
        guard case .database(let cause) = error, cause.kind == .constraintViolation else {
          throw error
        }
        if check != nil, cause.statementIndex == 0 {
          throw .changedMeanwhile(.episode, id: episode.id)
        }
        guard unlearning != nil, cause.statementIndex == learningIndex,
          attempts < Self.replaceAttemptsMax
        else { throw error }
        // Something was learned or forgotten meanwhile.
        attempts += 1
      }
    }
  }

  private static let replaceAttemptsMax = 200

  /// Breaks a rule of the table, and with it the transaction, if the episode has been written since.
  private static func check(_ revision: Int64, ofEpisode id: String) -> SQLStatement {
    SQLStatement(
      "UPDATE episodes SET revision = NULL WHERE id = ?1 AND revision <> ?2",
      [.text(id), .integer(revision)])
  }

  func run(_ batch: inout EpisodeWriteBatch) async throws(DurableStoreError) -> [SQLResult] {
    do {
      return try await backend.write(batch.finish())
    } catch {
      if error.kind == .uniqueViolation, let statement = error.statementIndex,
        let id = try await firstDuplicate(of: batch.episodeIDs(upToRowStatement: statement))
      {
        throw .duplicate(.episode, id: id)
      }
      if error.kind == .constraintViolation,
        let id = try await forgottenIDs(among: batch.plans.map(\.episodeID)).first
      {
        throw .forgotten(id: id)
      }
      throw .database(error)
    }
  }

  /// The first id that comes twice or is stored already.
  private func firstDuplicate(of ids: [String]) async throws(DurableStoreError) -> String? {
    if ids.count < 2 { return ids.first }
    let result = try await read(
      "SELECT id FROM episodes WHERE id IN (SELECT value FROM json_each(?1))",
      [.text(JSONColumns.strings(ids))])
    // Ids are compared by their bytes.
    var known: Set<[UInt8]> = []
    for row in result.rows {
      if case .text(let id)? = row.first { known.insert(Array(id.utf8)) }
    }
    return ids.first { !known.insert(Array($0.utf8)).inserted }
  }
}
