import Episodes

/// The columns of a pattern.
enum PatternRow {
  static let columns = [
    "id", "namespace", "kind", "definition", "domain", "language", "framework", "complexity",
    "context_tags",
    "success_rate", "occurrence_count", "times_retrieved", "times_applied", "success_when_applied",
    "failure_when_applied", "average_reward_delta", "last_used", "evidence", "created_at",
    "updated_at",
  ]

  static let selection = columns.joined(separator: ", ")

  /// Inserts or replaces. With an expected time of update as last argument, a pattern that is not
  /// stored is not inserted, and one that was updated at another time breaks a rule of the table, so
  /// that the whole transaction fails.
  static let put: String = {
    let parameters = (1...columns.count).map { "?\($0)" }.joined(separator: ", ")
    let expected = "?\(columns.count + 1)"
    let changes = columns.dropFirst().dropLast().map { "\($0) = excluded.\($0)" }
    return """
      INSERT INTO patterns (\(selection), is_keyed) SELECT \(parameters), 1
      WHERE \(expected) IS NULL OR EXISTS (SELECT 1 FROM patterns WHERE id = ?1)
      ON CONFLICT (id) DO UPDATE SET \(changes.joined(separator: ", ")), is_keyed = 1,
        updated_at = CASE
          WHEN \(expected) IS NULL OR patterns.updated_at = \(expected) THEN excluded.updated_at
        END
      """
  }()

  /// The statements that put the keys of a stored pattern in the place of those it had.
  static func keyStatements(_ pattern: Pattern) -> [SQLStatement] {
    let keys = PatternKeys.keys(of: pattern.kind, in: pattern.context)
    return [
      SQLStatement(
        "DELETE FROM pattern_keys WHERE pattern = (SELECT rowid FROM patterns WHERE id = ?1)",
        [.text(pattern.id)]),
      SQLStatement(
        """
        INSERT INTO pattern_keys (namespace, key, pattern)
        SELECT p.namespace, k.value, p.rowid FROM patterns AS p JOIN json_each(?2) AS k
        WHERE p.id = ?1 ON CONFLICT DO NOTHING
        """, [.text(pattern.id), .text(JSONColumns.strings(keys.sorted()))]),
    ]
  }

  static func arguments(_ pattern: Pattern) -> [SQLValue] {
    let pattern = pattern.bounded
    let use = pattern.effectiveness
    return [
      .text(pattern.id), .text(pattern.namespace), .text(pattern.kind.name.rawValue),
      .text(JSONColumns.definition(pattern.kind)), .text(pattern.context.domain),
      SQLValue(pattern.context.language), SQLValue(pattern.context.framework),
      .text(pattern.context.complexity.rawValue), .text(JSONColumns.tags(pattern.context.tags)),
      .real(pattern.successRate), .integer(Int64(pattern.occurrenceCount)),
      .integer(Int64(use.timesRetrieved)), .integer(Int64(use.timesApplied)),
      .integer(Int64(use.successWhenApplied)), .integer(Int64(use.failureWhenApplied)),
      .real(use.averageRewardDelta), SQLValue(use.lastUsed?.nanosecondsSince1970),
      .text(JSONColumns.strings(pattern.evidence)),
      .integer(pattern.createdAt.nanosecondsSince1970),
      .integer(pattern.updatedAt.nanosecondsSince1970),
    ]
  }

  static func decode(
    _ values: [SQLValue], columns: [String]
  ) throws(DurableStoreError) -> Pattern {
    var row = RowReader(table: "patterns", columns: columns, values: values)
    let id = try row.text()
    let namespace = try row.text()
    let name = try row.name(PatternKind.Name.self)
    let kind = try row.json { (text) throws(JSONTextError) in
      try JSONColumns.definition(text, kind: name)
    }
    let context = TaskContext(
      domain: try row.text(), language: try row.optionalText(), framework: try row.optionalText(),
      complexity: try row.name(TaskComplexity.self), tags: try row.json(JSONColumns.tags))
    return Pattern(
      id: id, namespace: namespace, kind: kind, context: context, successRate: try row.real(),
      occurrenceCount: Int(try row.integer()),
      effectiveness: PatternEffectiveness(
        timesRetrieved: Int(try row.integer()), timesApplied: Int(try row.integer()),
        successWhenApplied: Int(try row.integer()), failureWhenApplied: Int(try row.integer()),
        averageRewardDelta: try row.real(), lastUsed: try row.optionalTimestamp()),
      evidence: try row.json(JSONColumns.strings), createdAt: try row.timestamp(),
      updatedAt: try row.timestamp()
    ).bounded
  }
}
