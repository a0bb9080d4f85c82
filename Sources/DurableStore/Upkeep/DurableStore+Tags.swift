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
}
