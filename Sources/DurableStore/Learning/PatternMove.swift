import Episodes

/// The statements that bring patterns of one namespace to another, in one transaction.
struct PatternMove {
  private let old: String
  private let new: String
  private let revision: Int64
  private var movedIDs: [String] = []
  private var merged: [String: Pattern] = [:]
  /// The pattern that stands for another from now on.
  private var successors: [String: String] = [:]
  /// Whose embedding is of other words from now on.
  private var rewordedIDs: Set<String> = []

  init(from old: String, to new: String, revision: Int64) {
    self.old = old
    self.new = new
    self.revision = revision
  }

  mutating func add(_ patterns: [Pattern], to known: KnownPatterns) {
    for pattern in patterns {
      guard let match = known.match(for: pattern, in: new) else {
        movedIDs.append(pattern.id)
        continue
      }
      let united = PatternMerge.merge(pattern, into: merged[match.id] ?? match)
      if united.embeddedText != match.embeddedText { rewordedIDs.insert(match.id) }
      merged[match.id] = united
      successors[pattern.id] = match.id
    }
  }

  var statements: [SQLStatement] {
    let names: [SQLValue] = [.text(old), .text(new)]
    let moved = names + [.text(JSONColumns.strings(movedIDs))]
    var statements = [
      // Breaks a rule of the table, and with it the transaction, if anything was learned meanwhile.
      SQLStatement(
        "UPDATE learning_state SET revision = CASE WHEN revision = ?1 THEN revision + 1 END",
        [.integer(revision)])
    ]
    if !movedIDs.isEmpty {
      statements += [
        SQLStatement(
          """
          UPDATE pattern_keys SET namespace = ?2 WHERE pattern IN (
            SELECT rowid FROM patterns
            WHERE namespace = ?1 AND id IN (SELECT value FROM json_each(?3))
          )
          """, moved),
        SQLStatement(
          """
          UPDATE patterns SET namespace = ?2
          WHERE namespace = ?1 AND id IN (SELECT value FROM json_each(?3))
          """, moved),
      ]
    }
    statements += mergeStatements(names)
    // Those of the patterns above, and those that were not learned here.
    statements += ["heuristics", "recommendations"].map {
      SQLStatement("UPDATE \($0) SET namespace = ?2 WHERE namespace = ?1", names)
    }
    return statements
  }

  private func mergeStatements(_ names: [SQLValue]) -> [SQLStatement] {
    if successors.isEmpty { return [] }
    let map = SQLValue.text(JSONWriter.text(of: .object(successors.mapValues { .string($0) })))
    var statements = [
      // A recommendation of both keeps what was said of the one that stays.
      SQLStatement(
        """
        UPDATE OR IGNORE recommended_patterns
        SET pattern_id = (SELECT value FROM json_each(?1) WHERE key = pattern_id)
        WHERE pattern_id IN (SELECT key FROM json_each(?1))
        """, [map]),
      SQLStatement(
        "DELETE FROM patterns WHERE id IN (SELECT key FROM json_each(?1))", [map]),
    ]
    // After the patterns they named: triggers would count the episodes out of those.
    statements += ["pattern_ids", "heuristic_ids"].map { Self.renaming(in: $0, names, map) }
    statements.append(
      SQLStatement(
        """
        UPDATE episodes SET applied_patterns = (
          SELECT json_group_array(json(
            CASE WHEN m.value IS NULL THEN a.value
              ELSE json_set(a.value, '$.patternID', m.value) END
          )) FROM (SELECT key, value FROM json_each(episodes.applied_patterns) ORDER BY key) AS a
          LEFT JOIN json_each(?3) AS m ON m.key = json_extract(a.value, '$.patternID')
        )
        WHERE namespace IN (?1, ?2) AND applied_patterns <> '[]' AND EXISTS (
          SELECT 1 FROM json_each(episodes.applied_patterns) AS a
          JOIN json_each(?3) AS m ON m.key = json_extract(a.value, '$.patternID')
        )
        """, names + [map]))
    for pattern in merged.values.sorted(by: { $0.id < $1.id }) {
      statements += Self.putting(pattern)
    }
    if !rewordedIDs.isEmpty {
      statements.append(
        SQLStatement(
          """
          DELETE FROM embeddings WHERE pattern IN (
            SELECT rowid FROM patterns WHERE id IN (SELECT value FROM json_each(?1))
          )
          """, [.text(JSONColumns.strings(rewordedIDs.sorted()))]))
    }
    return statements
  }

  /// - Parameter column: one of this module's constants.
  private static func renaming(
    in column: String, _ names: [SQLValue], _ map: SQLValue
  ) -> SQLStatement {
    SQLStatement(
      """
      UPDATE episodes SET \(column) = (
        SELECT json_group_array(name) FROM (
          SELECT coalesce(m.value, p.value) AS name, min(p.key) AS position
          FROM json_each(episodes.\(column)) AS p
          LEFT JOIN json_each(?3) AS m ON m.key = p.value
          GROUP BY 1 ORDER BY 2
        )
      )
      WHERE namespace IN (?1, ?2) AND \(column) <> '[]' AND EXISTS (
        SELECT 1 FROM json_each(episodes.\(column)) AS p JOIN json_each(?3) AS m ON m.key = p.value
      )
      """, names + [map])
  }

  private static func putting(_ pattern: Pattern) -> [SQLStatement] {
    let use = pattern.effectiveness
    var statements = [
      Unlearning.rewriting(pattern),
      SQLStatement(
        """
        UPDATE patterns SET times_retrieved = ?2, times_applied = ?3, success_when_applied = ?4,
          failure_when_applied = ?5, average_reward_delta = ?6, last_used = ?7, created_at = ?8
        WHERE id = ?1
        """,
        [
          .text(pattern.id), .integer(Int64(use.timesRetrieved)),
          .integer(Int64(use.timesApplied)), .integer(Int64(use.successWhenApplied)),
          .integer(Int64(use.failureWhenApplied)), .real(use.averageRewardDelta),
          SQLValue(use.lastUsed?.nanosecondsSince1970),
          .integer(pattern.createdAt.nanosecondsSince1970),
        ]),
    ]
    if let heuristic = HeuristicRule.heuristic(from: pattern) {
      statements.append(DurableStore.putting(heuristic))
      statements.append(
        DurableStore.adding(heuristic.id, to: "heuristic_ids", ofEpisodes: heuristic.evidence))
    } else {
      statements.append(
        SQLStatement("DELETE FROM heuristics WHERE id = ?1", [.text(pattern.id)]))
    }
    return statements
  }
}
