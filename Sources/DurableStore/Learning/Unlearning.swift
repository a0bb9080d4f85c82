import Episodes

/// What becomes of what was learned when episodes go: made from what is stored, without changing it.
struct Unlearning {
  /// Of what was learned, when it was read.
  let revision: Int64
  /// Patterns that stay, as they are without the episodes.
  private(set) var kept: [Pattern] = []
  /// Those of them that have other words, and so other keys and another embedding.
  private(set) var rewordedIDs: [String] = []
  /// Patterns that nothing shows any more.
  private(set) var goneIDs: [String] = []
  /// Heuristics as they are without the episodes.
  private(set) var heuristics: [Heuristic] = []
  private(set) var newHeuristicIDs: Set<String> = []
  /// Heuristics that are none any more.
  private(set) var droppedHeuristicIDs: [String] = []

  /// What the episodes name of other namespaces: triggers take them out of it, though it never counted them.
  private var foreignPatterns: [Pattern] = []
  private var foreignHeuristics: [Heuristic] = []

  /// Run at the end, for an episode that will be learned from again.
  private(set) var useStatements: [SQLStatement] = []

  init(revision: Int64) { self.revision = revision }

  /// Keeps as they are patterns and heuristics that the episodes name and that are of other namespaces.
  mutating func keepForeign(_ patterns: [Pattern], heuristics: [Heuristic]) {
    foreignPatterns = patterns
    foreignHeuristics = heuristics
  }

  /// Counts out that patterns were applied in an episode: learning from it again counts it once more. The
  /// average of the rewards stays, which is over many.
  mutating func takeBackUses(in episode: Episode) {
    for applied in episode.appliedPatterns {
      let succeeded = PatternExtraction.isSuccess(applied, in: episode)
      useStatements.append(
        SQLStatement(
          """
          UPDATE patterns SET
            times_applied = max(0, times_applied - 1),
            success_when_applied = max(0, success_when_applied - ?3),
            failure_when_applied = max(0, failure_when_applied - ?4)
          WHERE id = ?1 AND namespace = ?2
          """,
          [
            .text(applied.patternID), .text(episode.namespace),
            .integer(succeeded == true ? 1 : 0), .integer(succeeded == false ? 1 : 0),
          ]))
    }
  }

  /// Drops patterns that cannot be read, with their keys and heuristics.
  mutating func drop(_ damagedIDs: [String]) { goneIDs += damagedIDs }

  /// - Parameters:
  ///   - pattern: as it is stored.
  ///   - rest: what is left of it; nil if nothing is.
  ///   - heuristic: that is stored for it.
  mutating func add(_ pattern: Pattern, rest: Pattern?, heuristic: Heuristic?) {
    guard var rest else {
      goneIDs.append(pattern.id)
      if heuristic != nil { droppedHeuristicIDs.append(pattern.id) }
      return
    }
    // It has changed, but was not seen again.
    rest.updatedAt = Timestamp(
      nanosecondsSince1970: pattern.updatedAt.nanosecondsSince1970 &+ 1)
    kept.append(rest)
    if rest.embeddedText != pattern.embeddedText || rest.context != pattern.context
      || PatternKeys.keys(of: rest.kind, in: rest.context)
        != PatternKeys.keys(of: pattern.kind, in: pattern.context)
    {
      rewordedIDs.append(rest.id)
    }
    if let made = HeuristicRule.heuristic(from: rest, known: heuristic) {
      heuristics.append(made)
      if heuristic == nil { newHeuristicIDs.insert(made.id) }
    } else if heuristic != nil {
      droppedHeuristicIDs.append(rest.id)
    }
  }

  /// Breaks a rule of the table, and with it the transaction, if anything that was learned has changed since.
  var check: SQLStatement {
    SQLStatement(
      "UPDATE learning_state SET revision = CASE WHEN revision = ?1 THEN revision END",
      [.integer(revision)])
  }

  /// Run before the episodes go.
  var goneStatements: [SQLStatement] {
    var statements: [SQLStatement] = []
    if !foreignPatterns.isEmpty {
      // So that no trigger counts one down to nothing; what they were is written afterwards.
      statements.append(
        SQLStatement(
          """
          UPDATE patterns SET occurrence_count = max(occurrence_count, 0) + ?2
          WHERE id IN (SELECT value FROM json_each(?1))
          """,
          [
            .text(JSONColumns.strings(foreignPatterns.map(\.id))),
            .integer(Int64(2 * DurableStore.upkeepBatchMax)),
          ]))
    }
    // While it is still known of which episodes they are.
    statements += DurableStore.dropping(heuristicIDs: droppedHeuristicIDs)
    if goneIDs.isEmpty { return statements }
    let list: [SQLValue] = [.text(JSONColumns.strings(goneIDs))]
    return statements + [
      // What was recommended, and is no more, says nothing but the words of a task.
      SQLStatement(
        """
        DELETE FROM recommendations WHERE id IN (
          SELECT recommendation FROM recommended_patterns
          WHERE pattern_id IN (SELECT value FROM json_each(?1))
        ) AND NOT EXISTS (
          SELECT 1 FROM recommended_patterns
          WHERE recommendation = recommendations.id
            AND pattern_id NOT IN (SELECT value FROM json_each(?1))
        )
        """, list),
      SQLStatement("DELETE FROM patterns WHERE id IN (SELECT value FROM json_each(?1))", list),
    ]
  }

  /// Run when the episodes are gone: what triggers have made of the patterns is replaced.
  var keptStatements: [SQLStatement] {
    var statements = foreignPatterns.map(Self.rewriting)
    statements += foreignHeuristics.map(DurableStore.putting)
    for pattern in kept {
      statements.append(Self.rewriting(pattern))
      if rewordedIDs.contains(pattern.id) { statements += PatternRow.keyStatements(pattern) }
    }
    if !rewordedIDs.isEmpty {
      statements.append(
        SQLStatement(
          """
          DELETE FROM embeddings WHERE pattern IN (
            SELECT rowid FROM patterns WHERE id IN (SELECT value FROM json_each(?1))
          )
          """, [.text(JSONColumns.strings(rewordedIDs))]))
    }
    for heuristic in heuristics {
      statements.append(DurableStore.putting(heuristic))
      if newHeuristicIDs.contains(heuristic.id) {
        statements.append(
          DurableStore.adding(
            heuristic.id, to: "heuristic_ids", ofEpisodes: heuristic.evidence))
      }
    }
    return statements
  }

  /// All but the use of a pattern, which others may count meanwhile.
  static func rewriting(_ pattern: Pattern) -> SQLStatement {
    let pattern = pattern.bounded
    return SQLStatement(
      """
      UPDATE patterns SET definition = ?2, domain = ?3, language = ?4, framework = ?5,
        complexity = ?6, context_tags = ?7, success_rate = ?8, occurrence_count = ?9,
        evidence = ?10, updated_at = ?11
      WHERE id = ?1
      """,
      [
        .text(pattern.id), .text(JSONColumns.definition(pattern.kind)),
        .text(pattern.context.domain), SQLValue(pattern.context.language),
        SQLValue(pattern.context.framework), .text(pattern.context.complexity.rawValue),
        .text(JSONColumns.tags(pattern.context.tags)), .real(pattern.successRate),
        .integer(Int64(pattern.occurrenceCount)), .text(JSONColumns.strings(pattern.evidence)),
        .integer(pattern.updatedAt.nanosecondsSince1970),
      ])
  }
}
