internal import Episodes

// What a limit evicts is no longer kept, but what was learned from it still holds: patterns and heuristics count
// it, and name it as evidence. Forgetting and deleting take it out of them.
extension DurableStore {
  /// Deletes episodes with all that belongs to them, and leaves what was learned from them as it is.
  ///
  /// - Complexity: writes each pattern that they show once.
  @discardableResult
  public func evictEpisodes(ids: [String]) async throws(DurableStoreError) -> DeleteOutcome {
    var attempts = 0
    while true {
      // Read first: what changes from here on makes the write fail.
      let revision = try await read("SELECT revision FROM learning_state").firstInteger ?? 0
      let patterns = try await self.patterns(ids: try await learnedIDs("pattern_ids", of: ids))
      let heuristics = try await self.heuristics(
        ids: try await learnedIDs("heuristic_ids", of: ids))
      do throws(SQLError) {
        let results = try await backend.write(
          Self.eviction(of: ids, Unlearning(revision: revision).check, patterns, heuristics))
        return DeleteOutcome(
          deletedCount: results[3].affectedRowCount, removedEmbeddingIDs: results[2].integers)
      } catch {
        guard error.kind == .constraintViolation, error.statementIndex == 0,
          attempts < Self.evictionAttemptsMax
        else { throw .database(error) }
        attempts += 1
      }
    }
  }

  private static let evictionAttemptsMax = 200

  private static func eviction(
    of ids: [String], _ check: SQLStatement, _ patterns: [Pattern], _ heuristics: [Heuristic]
  ) -> [SQLStatement] {
    let list: [SQLValue] = [.text(JSONColumns.strings(ids))]
    var statements = [
      check,
      // The triggers that take a deleted episode out of its patterns drop those that it was the last of, with
      // their keys and embeddings: not while they count more. What they counted is written below.
      SQLStatement(
        """
        UPDATE patterns SET occurrence_count = occurrence_count + ?2
        WHERE id IN (SELECT value FROM json_each(?1))
        """,
        [.text(JSONColumns.strings(patterns.map(\.id))), .integer(Int64(ids.count) + 1)]),
      SQLStatement(
        """
        DELETE FROM embeddings WHERE episode IN (
          SELECT rowid FROM episodes WHERE id IN (SELECT value FROM json_each(?1))
        ) RETURNING id
        """, list),
      SQLStatement("DELETE FROM episodes WHERE id IN (SELECT value FROM json_each(?1))", list),
    ]
    statements += patterns.map(Unlearning.rewriting)
    statements += heuristics.map(putting)
    return statements
  }

  /// The ids of what was learned that episodes name.
  ///
  /// - Parameter column: one of this module's constants.
  private func learnedIDs(
    _ column: String, of ids: [String]
  ) async throws(DurableStoreError) -> [String] {
    try await read(
      """
      SELECT DISTINCT learned.value FROM episodes AS e,
        json_each(iif(json_valid(e.\(column)), e.\(column), '[]')) AS learned
      WHERE e.id IN (SELECT value FROM json_each(?1)) AND learned.type = 'text'
      """, [.text(JSONColumns.strings(ids))]
    ).texts
  }
}
