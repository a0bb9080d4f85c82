public import Episodes

extension DurableStore {
  /// Episodes whose description, steps, outcome or reflection have words of a query, best first.
  ///
  /// Words are compared by their English stems and without accents. More and rarer words of the
  /// query rank higher; a word of the task description counts twice, because it says more about an
  /// episode than one in a tool's output.
  ///
  /// - Parameters:
  ///   - query: any text; it is taken as words, never as a query language.
  ///   - filter: conditions that every result meets.
  ///   - limit: the most to return.
  public func searchText(
    _ query: String, filter: EpisodeFilter = EpisodeFilter(), limit: Int
  ) async throws(DurableStoreError) -> [TextMatch] {
    guard limit > 0, let expression = TextQuery.expression(query) else { return [] }
    var condition = try filter.condition()
    let match = condition.parameter(.text(expression))
    let limitParameter = condition.parameter(.integer(Int64(limit)))
    let result: SQLResult
    if filter.isEmpty {
      result = try await read(
        """
        SELECT e.id, best.score FROM (
          SELECT rowid, -bm25(episode_text, 2.0, 1.0, 1.0, 1.0) AS score
          FROM episode_text WHERE episode_text MATCH \(match)
          ORDER BY score DESC, rowid DESC LIMIT \(limitParameter)
        ) AS best JOIN episodes AS e ON e.rowid = best.rowid
        ORDER BY best.score DESC, e.rowid DESC
        """, condition.arguments)
    } else {
      result = try await read(
        """
        SELECT e.id, -bm25(episode_text, 2.0, 1.0, 1.0, 1.0) AS score
        FROM episode_text CROSS JOIN episodes AS e ON e.rowid = episode_text.rowid
        WHERE episode_text MATCH \(match) AND \(condition.sql)
        ORDER BY score DESC, e.rowid DESC LIMIT \(limitParameter)
        """, condition.arguments)
    }
    var matches: [TextMatch] = []
    for values in result.rows {
      var row = RowReader(table: "episode_text", columns: result.columns, values: values)
      matches.append(TextMatch(episodeID: try row.text(), score: try row.real()))
    }
    return matches
  }
}
