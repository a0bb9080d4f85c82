public import Episodes

extension DurableStore {
  /// How often reading an episode may fail before it is left aside.
  static let learningFailuresMax = 3

  /// How many completed episodes nothing has been learned from yet.
  public func pendingEpisodeCount() async throws(DurableStoreError) -> Int {
    Int(
      try await read(
        "SELECT count(*) FROM learning_queue WHERE failure_count < ?1",
        [.integer(Int64(Self.learningFailuresMax))]
      ).firstInteger ?? 0)
  }

  /// The next episodes to learn from.
  ///
  /// - Parameters:
  ///   - limit: the most to return.
  ///   - bytesMax: the most bytes of their texts; a longer episode is alone.
  public func pendingEpisodes(
    limit: Int, bytesMax: Int = 16 << 20
  ) async throws(DurableStoreError) -> PendingEpisodes {
    // Read first: what changes from here on makes the commit fail.
    let revision = try await read("SELECT revision FROM learning_state").firstInteger ?? 0
    let rowIDs = try await read(
      "SELECT episode FROM learning_queue WHERE failure_count < ?1 ORDER BY episode LIMIT ?2",
      [.integer(Int64(Self.learningFailuresMax)), .integer(Int64(max(0, limit)))]
    ).integers
    var pending = PendingEpisodes(episodes: [], revision: revision, problems: [])
    var byteCount = 0
    for start in stride(from: 0, to: rowIDs.count, by: Self.pendingPageSize) {
      let page = Array(rowIDs[start..<min(start + Self.pendingPageSize, rowIDs.count)])
      for item in try await pendingEpisodes(inRows: page, &pending.problems) {
        byteCount += item.episode.textByteCount
        if byteCount > bytesMax, !pending.episodes.isEmpty { return pending }
        pending.episodes.append(item)
      }
    }
    return pending
  }

  /// Read at once: what is long is known only when it has been read.
  private static let pendingPageSize = 16

  private func pendingEpisodes(
    inRows rowIDs: [Int64], _ problems: inout [String]
  ) async throws(DurableStoreError) -> [PendingEpisode] {
    do throws(DurableStoreError) {
      return try await episodes(
        selecting: SQLStatement(
          "SELECT value FROM json_each(?1)", [.text(JSONColumns.integers(rowIDs))])
      ).map { PendingEpisode(rowID: $0.rowID, episode: $0.episode) }
    } catch .corrupt {
      return try await soundEpisodes(of: rowIDs, &problems)
    }
  }

  /// One damaged row must not keep the rest from being learned from.
  private func soundEpisodes(
    of rowIDs: [Int64], _ problems: inout [String]
  ) async throws(DurableStoreError) -> [PendingEpisode] {
    var sound: [PendingEpisode] = []
    for rowID in rowIDs {
      do throws(DurableStoreError) {
        let found = try await episodes(
          selecting: SQLStatement("SELECT ?1", [.integer(rowID)]))
        sound += found.map { PendingEpisode(rowID: $0.rowID, episode: $0.episode) }
      } catch .corrupt(let table, let column, let problem) {
        problems.append("\(table).\(column) of episode row \(rowID): \(problem)")
        try await noteLearningFailure(ofRow: rowID)
      }
    }
    return sound
  }

  /// Notes that what an episode teaches could not be stored; after three times it is left aside, so that it does
  /// not keep the rest from being learned from.
  public func noteLearningFailure(ofRow rowID: Int64) async throws(DurableStoreError) {
    try await write(Self.failureSQL, [.integer(rowID)])
  }

  /// Makes a batch that was read before fail, if one of the episodes is in it: it would be learned from as it was.
  static func restartLearning(of ids: [String]) -> SQLStatement {
    SQLStatement(
      """
      UPDATE learning_state SET revision = revision + 1 WHERE EXISTS (
        SELECT 1 FROM json_each(?1) AS changed
        CROSS JOIN episodes AS e ON e.id = changed.value
        CROSS JOIN learning_queue AS q ON q.episode = e.rowid
      )
      """, [.text(JSONColumns.strings(ids))])
  }

  private static let failureSQL =
    "UPDATE learning_queue SET failure_count = failure_count + 1 WHERE episode = ?1"

  /// The patterns of a namespace that share one of `keys` (``PatternKeys``): every pattern that an
  /// observation with those keys can be merged with is among them.
  ///
  /// - Complexity: one look-up a key.
  public func patterns(
    withKeys keys: Set<String>, namespace: String
  ) async throws(DurableStoreError) -> [Pattern] {
    if keys.isEmpty { return [] }
    let columns = PatternRow.columns.map { "p.\($0)" }.joined(separator: ", ")
    return Self.patterns(
      try await read(
        """
        SELECT \(columns) FROM patterns AS p WHERE p.rowid IN (
          SELECT k.pattern FROM json_each(?2) AS wanted
          CROSS JOIN pattern_keys AS k ON k.namespace = ?1 AND k.key = wanted.value
        )
        """, [.text(namespace), .text(JSONColumns.strings(keys.sorted()))]))
  }

  /// How ``PatternKeys`` makes keys; goes up when it makes others of the same pattern.
  private static let keyRules = "2"

  /// Gives keys to patterns that have none, or those of an earlier version: they stay as they are, and are merged
  /// with what is like them from now on.
  ///
  /// - Returns: how many there were.
  @discardableResult
  public func keyPatterns() async throws(DurableStoreError) -> Int {
    let rules = try await read(
      "SELECT value FROM store_properties WHERE name = 'pattern_keys' AND value = ?1",
      [.text(Self.keyRules)])
    if rules.rows.isEmpty {
      _ = try await write([
        SQLStatement("UPDATE patterns SET is_keyed = 0"),
        SQLStatement(
          """
          INSERT INTO store_properties (name, value) VALUES ('pattern_keys', ?1)
          ON CONFLICT (name) DO UPDATE SET value = excluded.value
          """, [.text(Self.keyRules)]),
      ])
    }
    var count = 0
    while true {
      let result = try await read(
        "SELECT \(PatternRow.selection) FROM patterns WHERE is_keyed = 0 LIMIT 256")
      if result.rows.isEmpty { return count }
      let page = Self.patterns(result)
      // The damaged ones among them too, which have nothing to make keys of.
      let done = SQLStatement(
        "UPDATE patterns SET is_keyed = 1 WHERE id IN (SELECT value FROM json_each(?1))",
        [.text(JSONColumns.strings(result.texts))])
      _ = try await write(page.flatMap(PatternRow.keyStatements) + [done])
      count += page.count
    }
  }

  /// Writes what a batch of episodes taught, and takes them off the queue, all in one transaction.
  ///
  /// - Returns: the revision from now on.
  /// - Throws: ``DurableStoreError/changedMeanwhile(_:id:)`` when anything that was learned has changed
  ///   since the batch was read, as by another process that learns: then nothing is written, and the batch
  ///   is to be read again.
  @discardableResult
  public func commit(_ commit: LearningCommit) async throws(DurableStoreError) -> Int64 {
    do {
      let revision = SQLStatement("SELECT revision FROM learning_state")
      let results = try await backend.write(Self.statements(of: commit) + [revision])
      return results.last?.firstInteger ?? 0
    } catch {
      if error.kind == .constraintViolation && error.statementIndex == 0 {
        throw .changedMeanwhile(.pattern, id: "revision \(commit.revision)")
      }
      throw .database(error)
    }
  }
}
