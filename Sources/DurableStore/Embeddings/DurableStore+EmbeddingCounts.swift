extension DurableStore {
  /// How many embeddings of a model there are.
  ///
  /// - Parameter includingPatterns: whether those of patterns are counted.
  public func embeddingCount(
    model: String, includingPatterns: Bool = true
  ) async throws(DurableStoreError) -> Int {
    Int(
      try await read(
        "SELECT count(*) FROM embeddings WHERE model = ?1 AND (?2 OR pattern IS NULL)",
        [.text(model), .integer(includingPatterns ? 1 : 0)]
      ).firstInteger ?? 0)
  }

  /// Whether more than `count` embeddings of episodes by a model have ids above `id`.
  ///
  /// - Complexity: reads as many, or all that have higher ids if they are of other models.
  public func hasEmbeddings(
    moreThan count: Int, after id: Int64, model: String
  ) async throws(DurableStoreError) -> Bool {
    let found = try await read(
      """
      SELECT count(*) FROM (
        SELECT 1 FROM embeddings WHERE id > ?1 AND model = ?2 AND pattern IS NULL LIMIT ?3 + 1
      )
      """, [.integer(id), .text(model), .integer(Int64(max(0, count)))])
    return found.firstInteger ?? 0 > count
  }

  /// The model by which the latest embedding of an episode was made, and its dimension; nil if there is none.
  public func latestModel() async throws(DurableStoreError) -> (name: String, dimension: Int)? {
    let result = try await read(
      "SELECT model, dimension FROM embeddings WHERE pattern IS NULL ORDER BY id DESC LIMIT 1")
    guard let values = result.rows.first else { return nil }
    var row = RowReader(table: "embeddings", columns: result.columns, values: values)
    return (try row.text(), Int(try row.integer()))
  }
}
