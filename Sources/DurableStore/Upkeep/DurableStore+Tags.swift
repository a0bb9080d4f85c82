public import Episodes

extension DurableStore {
  /// The tags that are in use, the most frequent first.
  ///
  /// - Parameters:
  ///   - namespace: of its episodes only; nil for all.
  ///   - limit: the most to return.
  /// - Complexity: linear in the uses of all tags.
  public func tagSummaries(
    namespace: String? = nil, limit: Int = .max
  ) async throws(DurableStoreError) -> [TagSummary] {
    let result = try await read(
      """
      SELECT t.name, count(*), count(e.outcome_kind),
        count(*) FILTER (WHERE e.outcome_kind = 'success'), avg(e.reward_total), max(t.start_time)
      FROM tags AS t CROSS JOIN episodes AS e ON e.rowid = t.episode
      WHERE ?1 IS NULL OR e.namespace = ?1
      GROUP BY t.name ORDER BY 2 DESC, 1 LIMIT ?2
      """, [SQLValue(namespace), .integer(Int64(max(0, limit)))])
    var summaries: [TagSummary] = []
    for values in result.rows {
      var row = RowReader(table: "tags", columns: result.columns, values: values)
      let name = try row.text()
      guard let tag = try? Tag(name) else { throw row.failure("'\(name)' is not a tag") }
      summaries.append(
        TagSummary(
          tag: tag, episodes: Int(try row.integer()), finished: Int(try row.integer()),
          successes: Int(try row.integer()), averageReward: try row.optionalReal(),
          lastUsed: try row.timestamp()))
    }
    return summaries
  }

  /// How many episodes have a tag.
  public func count(of tag: Tag, namespace: String? = nil) async throws(DurableStoreError) -> Int {
    Int(
      try await read(
        """
        SELECT count(*) FROM tags AS t CROSS JOIN episodes AS e ON e.rowid = t.episode
        WHERE t.name = ?1 AND (?2 IS NULL OR e.namespace = ?2)
        """, [.text(tag.name), SQLValue(namespace)]
      ).firstInteger ?? 0)
  }

  /// Adds tags to an episode; those it has of its own stay as they are.
  ///
  /// - Throws: ``DurableStoreError/notFound(_:id:)``.
  public func addTags(_ tags: [Tag], toEpisode id: String) async throws(DurableStoreError) {
    var statements = [Self.existence(of: id)]
    for tag in tags {
      statements.append(
        SQLStatement(
          """
          UPDATE episodes SET tags = json_insert(tags, '$[#]', ?2)
          WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM json_each(episodes.tags) WHERE value = ?2)
          """, [.text(id), .text(tag.name)]))
    }
    statements.append(Self.restartLearning(of: [id]))
    let results = try await write(statements)
    guard results[0].firstInteger == 1 else { throw .notFound(.episode, id: id) }
  }

  /// Takes tags from an episode, its context's as well.
  ///
  /// - Returns: whether it had one of them.
  /// - Throws: ``DurableStoreError/notFound(_:id:)``.
  @discardableResult
  public func removeTags(
    _ tags: [Tag], fromEpisode id: String
  ) async throws(DurableStoreError) -> Bool {
    let results = try await write([
      Self.existence(of: id),
      SQLStatement(
        """
        UPDATE episodes SET tags = \(Self.without("tags")),
          context_tags = \(Self.without("context_tags"))
        WHERE id = ?2 AND rowid IN (
          SELECT episode FROM tags WHERE name IN (SELECT value FROM json_each(?1))
        )
        """, [.text(JSONColumns.tags(tags)), .text(id)]),
      Self.restartLearning(of: [id]),
    ])
    guard results[0].firstInteger == 1 else { throw .notFound(.episode, id: id) }
    return results[1].affectedRowCount > 0
  }

  /// Puts one tag in the place of others, in some of the episodes that have one of those: each has it once
  /// then. Called until it returns none, it does so in all of them, and goes on where it was cut off.
  ///
  /// - Parameters:
  ///   - tags: what is replaced.
  ///   - replacement: what stands in their place; nil to take them away.
  ///   - namespace: of its episodes only; nil for all.
  /// - Returns: the ids of the episodes that were changed, at most ``upkeepBatchMax``.
  public func replaceTags(
    _ tags: [Tag], by replacement: Tag?, namespace: String? = nil
  ) async throws(DurableStoreError) -> [String] {
    let old = tags.filter { $0 != replacement }
    if old.isEmpty { return [] }
    let set =
      replacement == nil
      ? "tags = \(Self.without("tags")), context_tags = \(Self.without("context_tags"))"
      : "tags = \(Self.replaced("tags")), context_tags = \(Self.replaced("context_tags"))"
    var arguments: [SQLValue] = [
      .text(JSONColumns.tags(old)), SQLValue(namespace), .integer(Int64(Self.upkeepBatchMax)),
    ]
    if let replacement { arguments.append(.text(replacement.name)) }
    return try await write([
      SQLStatement(
        """
        UPDATE episodes SET \(set)
        WHERE rowid IN (
          SELECT DISTINCT t.episode FROM tags AS t CROSS JOIN episodes AS e ON e.rowid = t.episode
          WHERE t.name IN (SELECT value FROM json_each(?1)) AND (?2 IS NULL OR e.namespace = ?2)
          LIMIT ?3
        )
        RETURNING id
        """, arguments),
      // Which they were is not known before they are written.
      SQLStatement(
        """
        UPDATE learning_state SET revision = revision + 1
        WHERE EXISTS (SELECT 1 FROM learning_queue)
        """),
    ])[0].texts
  }

  private static func existence(of id: String) -> SQLStatement {
    SQLStatement("SELECT count(*) FROM episodes WHERE id = ?1", [.text(id)])
  }

  /// A list of tags without those in `?1`.
  private static func without(_ column: String) -> String {
    """
    (
      SELECT json_group_array(value) FROM (
        SELECT value FROM json_each(episodes.\(column))
        WHERE value NOT IN (SELECT value FROM json_each(?1)) ORDER BY key
      )
    )
    """
  }

  /// A list of tags with `?4` in the place of those in `?1`, each once, where it came first.
  private static func replaced(_ column: String) -> String {
    """
    (
      SELECT json_group_array(name) FROM (
        SELECT
          iif(value IN (SELECT value FROM json_each(?1)), ?4, value) AS name, min(key) AS position
        FROM json_each(episodes.\(column)) GROUP BY 1 ORDER BY 2
      )
    )
    """
  }
}
