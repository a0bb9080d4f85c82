internal import Episodes

extension DurableStore {
  /// What the episodes with these ids are shown by, in the order of the ids; those that are not stored are left out.
  ///
  /// - Parameter titleLength: the most of each task, in Unicode scalars.
  /// - Complexity: one look-up an episode; reads none of their steps.
  public func labels(
    ofEpisodes ids: [String], titleLength: Int
  ) async throws(DurableStoreError) -> [EpisodeLabel] {
    if ids.isEmpty { return [] }
    let found = try await read(
      """
      SELECT e.id, e.domain, substr(e.task_description, 1, ?2), e.outcome_kind
      FROM json_each(?1) AS wanted CROSS JOIN episodes AS e ON e.id = wanted.value
      ORDER BY wanted.key
      """, [.text(JSONColumns.strings(ids)), .integer(Int64(max(0, titleLength)))])
    return try found.rows.map { values throws(DurableStoreError) in
      var row = RowReader(table: "episodes", columns: found.columns, values: values)
      return EpisodeLabel(
        id: try row.text(), domain: try row.text(), title: try row.text(),
        outcome: try row.optionalName(TaskOutcome.Kind.self))
    }
  }
}
