extension DurableStore {
  /// How many records of the kinds that a cache holds are stored, and the number of the latest change, all
  /// at one moment.
  ///
  /// - Complexity: linear in their number, through the smallest index of each table.
  public func countedRecords() async throws(DurableStoreError) -> (
    counts: [RecordKind: Int], lastChange: Int64
  ) {
    let kinds: [(RecordKind, String)] = [
      (.episode, "SELECT count(*) FROM episodes"), (.pattern, "SELECT count(*) FROM patterns"),
      (.heuristic, "SELECT count(*) FROM heuristics"),
      (.embedding, "SELECT count(*) FROM embeddings"),
    ]
    let last = SQLStatement("SELECT seq FROM sqlite_sequence WHERE name = 'changes'")
    let results = try await read(kinds.map { SQLStatement($0.1) } + [last])
    var counts: [RecordKind: Int] = [:]
    for ((kind, _), result) in zip(kinds, results) { counts[kind] = Int(result.firstInteger ?? 0) }
    return (counts, results[kinds.count].firstInteger ?? 0)
  }

  /// Those of `ids` under which no embedding is stored.
  ///
  /// - Complexity: one look-up an id.
  public func missingEmbeddings(among ids: [Int64]) async throws(DurableStoreError) -> [Int64] {
    try await read(
      """
      SELECT value FROM json_each(?1) AS wanted
      WHERE NOT EXISTS (SELECT 1 FROM embeddings WHERE id = wanted.value)
      """, [.text(JSONColumns.integers(ids))]
    ).integers
  }
}
