public import Episodes

extension DurableStore {
  /// Patterns that have no embedding of a model; those whose rows are damaged are left out.
  public func patternsWithoutEmbedding(
    model: String, limit: Int
  ) async throws(DurableStoreError) -> [Pattern] {
    let columns = PatternRow.columns.map { "p.\($0)" }.joined(separator: ", ")
    var last: Int64 = 0
    while true {
      let result = try await read(
        """
        SELECT \(columns), p.rowid FROM patterns AS p
        WHERE NOT EXISTS (SELECT 1 FROM embeddings WHERE pattern = p.rowid AND model = ?1)
          AND p.rowid > ?3
        ORDER BY p.rowid LIMIT ?2
        """, [.text(model), .integer(Int64(max(0, limit))), .integer(last)])
      let patterns = Self.patterns(result)
      guard patterns.isEmpty, case .integer(let end)? = result.rows.last?.last else {
        return patterns
      }
      last = end
    }
  }

  /// Whether a pattern has no embedding of any model.
  ///
  /// - Complexity: one look-up a pattern.
  public func hasPatternWithoutEmbedding() async throws(DurableStoreError) -> Bool {
    try await !read(
      """
      SELECT 1 FROM patterns AS p
      WHERE NOT EXISTS (SELECT 1 FROM embeddings WHERE pattern = p.rowid) LIMIT 1
      """
    ).rows.isEmpty
  }
}
