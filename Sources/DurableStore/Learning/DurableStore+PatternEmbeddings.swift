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

  /// Whether a pattern of a namespace has no embedding of a model, as one that has other words than before.
  ///
  /// - Complexity: one look-up a pattern.
  public func hasPatternWithoutEmbedding(
    namespace: String, model: String
  ) async throws(DurableStoreError) -> Bool {
    try await !read(
      """
      SELECT 1 FROM patterns AS p
      WHERE namespace = ?1
        AND NOT EXISTS (SELECT 1 FROM embeddings WHERE pattern = p.rowid AND model = ?2) LIMIT 1
      """, [.text(namespace), .text(model)]
    ).rows.isEmpty
  }

  /// The ids of the embeddings of patterns: what a search for patterns may return.
  ///
  /// - Parameters:
  ///   - namespace: of this namespace.
  ///   - kind: of this kind only.
  ///   - excludedDomain: of any domain but this.
  /// - Returns: ids in rising order.
  public func patternEmbeddingIDs(
    namespace: String, kind: PatternKind.Name? = nil, excludedDomain: String? = nil, model: String
  ) async throws(DurableStoreError) -> [Int64] {
    var condition = SQLCondition()
    condition.add("p.namespace = ?", .text(namespace))
    if let kind { condition.add("p.kind = ?", .text(kind.rawValue)) }
    if let excludedDomain { condition.add("p.domain <> ?", .text(excludedDomain)) }
    condition.add("m.model = ?", .text(model))
    return try await read(
      "SELECT m.id FROM patterns AS p JOIN embeddings AS m ON m.pattern = p.rowid "
        + "WHERE \(condition.sql) ORDER BY m.id", condition.arguments
    ).integers
  }
}
