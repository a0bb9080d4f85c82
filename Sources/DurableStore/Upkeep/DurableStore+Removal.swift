import Episodes

extension DurableStore {
  /// Takes episodes away with all that belongs to them, and out of all that was learned from them, in one
  /// transaction.
  ///
  /// - Parameter time: when they were forgotten; nil for episodes that may be stored again.
  func remove(
    ids: [String], forgottenAt time: Timestamp?
  ) async throws(DurableStoreError) -> (removed: ForgetOutcome, embeddingIDs: [Int64]) {
    var attempts = 0
    let contents = time == nil ? [] : try await forgottenRows(ofEpisodes: ids)
    while true {
      let unlearning = try await unlearning(of: ids, isForgetting: time != nil)
      do throws(SQLError) {
        return try await remove(ids: ids, forgottenAt: time, contents: contents, unlearning)
      } catch {
        guard error.kind == .constraintViolation, error.statementIndex == 0,
          attempts < Self.removalAttemptsMax
        else { throw .database(error) }
        // Something was learned or forgotten meanwhile.
        attempts += 1
      }
    }
  }

  private static let removalAttemptsMax = 200

  private func remove(
    ids: [String], forgottenAt time: Timestamp?, contents: [String], _ unlearning: Unlearning
  ) async throws(SQLError) -> (removed: ForgetOutcome, embeddingIDs: [Int64]) {
    let list: [SQLValue] = [.text(JSONColumns.strings(ids))]
    let counts = ["patterns", "heuristics"].map { SQLStatement("SELECT count(*) FROM \($0)") }
    var statements = [unlearning.check] + counts
    if let time {
      statements.append(
        SQLStatement(
          """
          INSERT INTO forgotten (id, forgotten_at)
          SELECT value, ?2 FROM json_each(?1) WHERE true ON CONFLICT DO NOTHING
          """,
          [.text(JSONColumns.strings(ids + contents)), .integer(time.nanosecondsSince1970)]))
    }
    statements.append(Self.closingGaps(list))
    statements.append(Self.recommendationsRemoval(list))
    statements += unlearning.goneStatements
    // What comes after them in their sessions may be embedded with their words.
    statements.append(SQLStatement(Self.markNeighbors, list))
    statements.append(
      SQLStatement(
        """
        DELETE FROM embeddings WHERE episode IN (
          SELECT rowid FROM episodes WHERE id IN (\(Self.after))
        )
        """, list))
    let embeddings = statements.count
    statements += [
      SQLStatement(
        """
        DELETE FROM embeddings WHERE episode IN (
          SELECT rowid FROM episodes WHERE id IN (SELECT value FROM json_each(?1))
        ) RETURNING id
        """, list),
      SQLStatement("DELETE FROM episodes WHERE id IN (SELECT value FROM json_each(?1))", list),
    ]
    statements += unlearning.keptStatements
    // Rules that were not learned here rest on episodes too.
    statements += Self.heuristicsRemoval(list)
    let results = try await backend.write(statements + counts)
    func lost(_ index: Int) -> Int {
      let after = results[results.count - counts.count + index].firstInteger ?? 0
      return Int((results[1 + index].firstInteger ?? 0) - after)
    }
    var removed = ForgetOutcome()
    removed.patterns = max(0, lost(0))
    removed.heuristics = max(0, lost(1))
    removed.embeddings = results[embeddings].rows.count
    removed.episodes = results[embeddings + 1].affectedRowCount
    return (removed, results[embeddings].integers)
  }

  /// Recommendations for the task of an episode in its words; those for the episode itself go with it.
  private static func recommendationsRemoval(_ list: [SQLValue]) -> SQLStatement {
    SQLStatement(
      """
      DELETE FROM recommendations WHERE (namespace, task) IN (
        SELECT namespace, task_description FROM episodes
        WHERE id IN (SELECT value FROM json_each(?1))
      )
      """, list)
  }

  private static func heuristicsRemoval(_ list: [SQLValue]) -> [SQLStatement] {
    [
      SQLStatement("DELETE FROM heuristics AS r WHERE \(onlyEvidence)", list),
      SQLStatement(
        """
        UPDATE heuristics SET
          evidence = (
            SELECT json_group_array(value) FROM (
              SELECT value FROM json_each(heuristics.evidence)
              WHERE value NOT IN (SELECT value FROM json_each(?1)) ORDER BY key
            )
          ),
          updated_at = updated_at + 1
        WHERE EXISTS (
          SELECT 1 FROM json_each(heuristics.evidence)
          WHERE value IN (SELECT value FROM json_each(?1))
        )
        """, list),
    ]
  }

  /// Whether all of the evidence of the record `r` is in the list `?1`.
  private static let onlyEvidence =
    """
    r.evidence <> '[]' AND NOT EXISTS (
      SELECT 1 FROM json_each(r.evidence) WHERE value NOT IN (SELECT value FROM json_each(?1))
    )
    """

  /// How many heuristics would go.
  func heuristicsRemovalCount(
    ids: [String], _ unlearning: Unlearning
  ) async throws(DurableStoreError) -> Int {
    let dropped = Set(unlearning.droppedHeuristicIDs)
    let learned = dropped.union(unlearning.heuristics.map(\.id))
    let others = try await read(
      "SELECT r.id FROM heuristics AS r WHERE \(Self.onlyEvidence)",
      [.text(JSONColumns.strings(ids))]
    ).texts.filter { !learned.contains($0) }
    return dropped.count + others.count - unlearning.newHeuristicIDs.count
  }
}
