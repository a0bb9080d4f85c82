public import Episodes

// Forgetting is deleting for good: the id is kept, and a code of the content, which can be compared with that of
// another episode and says nothing else, so that no import and no other process brings the episode back.
extension DurableStore {
  /// The most episodes that are forgotten, evicted or changed in one transaction.
  public static let upkeepBatchMax = 500

  static let forgottenSQL =
    "SELECT id FROM forgotten WHERE id IN (SELECT value FROM json_each(?1))"

  /// Those of `ids` that were forgotten.
  public func forgottenIDs(among ids: [String]) async throws(DurableStoreError) -> [String] {
    try await read(Self.forgottenSQL, [.text(JSONColumns.strings(ids))]).texts
  }

  /// How many ids are kept as forgotten.
  public func forgottenCount() async throws(DurableStoreError) -> Int {
    Int(
      try await read(
        "SELECT count(*) FROM forgotten WHERE NOT (\(ForgottenContent.isContent))"
      ).firstInteger ?? 0)
  }

  /// Lets forgotten ids be stored again. What was forgotten does not come back by this.
  ///
  /// - Returns: how many were forgotten.
  @discardableResult
  public func readmit(ids: [String]) async throws(DurableStoreError) -> Int {
    let list: [SQLValue] = [.text(JSONColumns.strings(ids))]
    return try await write([
      SQLStatement("DELETE FROM forgotten WHERE id IN (SELECT value FROM json_each(?1))", list),
      SQLStatement(
        """
        DELETE FROM forgotten WHERE \(ForgottenContent.isContent)
          AND \(ForgottenContent.episodeID) IN (SELECT value FROM json_each(?1))
        """, list),
    ])[0].affectedRowCount
  }

  /// The ids of episodes that meet a filter, latest start first.
  ///
  /// - Parameter limit: the most to return.
  public func episodeIDs(
    matching filter: EpisodeFilter, limit: Int
  ) async throws(DurableStoreError) -> [String] {
    var condition = try filter.condition()
    let limit = condition.parameter(.integer(Int64(max(0, limit))))
    return try await read(
      "SELECT e.id FROM episodes AS e WHERE \(condition.sql) "
        + "ORDER BY e.start_time DESC, e.rowid DESC LIMIT \(limit)", condition.arguments
    ).texts
  }

  /// What forgetting episodes would take away.
  ///
  /// - Parameter ids: those that are not stored count for nothing.
  public func forgetPreview(ids: [String]) async throws(DurableStoreError) -> ForgetOutcome {
    var outcome = try await partCounts(ofEpisodes: ids)
    let unlearning = try await unlearning(of: ids, isForgetting: true)
    outcome.patterns = unlearning.goneIDs.count
    outcome.heuristics = max(0, try await heuristicsRemovalCount(ids: ids, unlearning))
    return outcome
  }

  private func partCounts(
    ofEpisodes ids: [String]
  ) async throws(DurableStoreError) -> ForgetOutcome {
    let list: [SQLValue] = [.text(JSONColumns.strings(ids))]
    let rows = "(SELECT rowid FROM episodes WHERE id IN (SELECT value FROM json_each(?1)))"
    let results = try await read([
      SQLStatement("SELECT count(*) FROM episodes WHERE rowid IN \(rows)", list),
      SQLStatement("SELECT count(*) FROM steps WHERE episode IN \(rows)", list),
      SQLStatement("SELECT count(*) FROM embeddings WHERE episode IN \(rows)", list),
      SQLStatement("SELECT count(*) FROM checkpoints WHERE episode IN \(rows)", list),
      SQLStatement(
        """
        SELECT count(*) FROM relationships
        WHERE from_id IN (SELECT value FROM json_each(?1))
          OR to_id IN (SELECT value FROM json_each(?1))
        """, list),
    ])
    var outcome = ForgetOutcome()
    let counts = results.map { Int($0.firstInteger ?? 0) }
    outcome.episodes = counts[0]
    outcome.steps = counts[1]
    outcome.embeddings = counts[2]
    outcome.checkpoints = counts[3]
    outcome.relationships = counts[4]
    return outcome
  }

  /// Forgets episodes with all that belongs to them, in one transaction: rows, vectors, texts and places in the
  /// indexes, checkpoints and relationships; patterns and heuristics lose them as evidence, their counts and
  /// their words, and go where they have no other; recommendations for their tasks go.
  ///
  /// What the file held of them may be read in it until ``vacuum()``.
  ///
  /// - Parameters:
  ///   - ids: at most ``upkeepBatchMax``; those that are not stored are kept out from now on all the same, and are
  ///     evidence of nothing any more.
  ///   - time: kept with the ids.
  @discardableResult
  public func forget(
    ids: [String], at time: Timestamp
  ) async throws(DurableStoreError) -> ForgetOutcome {
    let parts = try await partCounts(ofEpisodes: ids)
    var outcome = try await remove(ids: ids, forgottenAt: time).removed
    outcome.steps = parts.steps
    outcome.checkpoints = parts.checkpoints
    outcome.relationships = parts.relationships
    return outcome
  }
}
