public import Episodes

extension DurableStore {
  /// When a pattern was recommended and applied, and what that did, latest first. What an episode says counts before
  /// what is said of the recommendation for it.
  ///
  /// - Parameters:
  ///   - pattern: the pattern, whose namespace is looked through.
  ///   - limit: the most to return.
  /// - Complexity: reads the recommendations, of which a bounded number is kept, and a column of each episode of the
  ///   namespace: some 45 ms for 117,000 episodes, which is not worth an index that every write would pay for.
  public func events(
    of pattern: Pattern, limit: Int
  ) async throws(DurableStoreError) -> [PatternEvent] {
    let limit = max(0, limit)
    let arguments: [SQLValue] = [
      .text(pattern.id), .text(pattern.namespace), .integer(Int64(limit)),
    ]
    let results = try await read([
      SQLStatement(
        """
        SELECT coalesce(p.effect_at, r.created_at) AS at, r.task, r.episode_id, p.effect
        FROM recommended_patterns AS p JOIN recommendations AS r ON r.id = p.recommendation
        WHERE p.pattern_id = ?1 AND r.namespace = ?2 ORDER BY at DESC LIMIT ?3
        """, arguments),
      // What is no JSON, or no list of objects, is damage of one episode, and keeps no other from being read. The
      // text of a list's element is no JSON by itself: to look into it is an error.
      SQLStatement(
        """
        SELECT coalesce(e.end_time, e.start_time) AS at, e.task_description, e.id,
          json_extract(CASE a.type WHEN 'object' THEN a.value END, '$.effect') AS effect
        FROM episodes AS e, json_each(
          CASE WHEN json_valid(e.applied_patterns) THEN e.applied_patterns ELSE '[]' END) AS a
        WHERE e.namespace = ?2 AND e.applied_patterns <> '[]'
          AND json_extract(CASE a.type WHEN 'object' THEN a.value END, '$.patternID') = ?1
          AND (effect IS NULL OR effect IN (\(Self.effects)))
        ORDER BY at DESC LIMIT ?3
        """, arguments),
    ])
    let applied = try Self.events(results[1], table: "episodes")
    let episodes = Set(applied.compactMap(\.episodeID))
    let recommended = try Self.events(results[0], table: "recommendations")
      .filter { $0.episodeID.map { !episodes.contains($0) } ?? true }
    return Array((applied + recommended).sorted { $0.time > $1.time }.prefix(limit))
  }

  /// The effects that there are, as a list of SQL.
  private static let effects = AppliedPattern.Effect.allCases.map { "'\($0.rawValue)'" }
    .joined(separator: ", ")

  private static func events(
    _ result: SQLResult, table: String
  ) throws(DurableStoreError) -> [PatternEvent] {
    try result.rows.map { values throws(DurableStoreError) in
      var row = RowReader(table: table, columns: result.columns, values: values)
      return PatternEvent(
        time: try row.timestamp(), task: try row.text(), episodeID: try row.optionalText(),
        effect: try row.optionalName(AppliedPattern.Effect.self))
    }
  }
}
