import Episodes

/// The statements that write what a batch of episodes taught.
extension DurableStore {
  static func statements(of commit: LearningCommit) -> [SQLStatement] {
    var statements = [
      // Breaks a rule of the table, and with it the transaction, if the revision is another.
      SQLStatement(
        "UPDATE learning_state SET revision = CASE WHEN revision = ?1 THEN revision + 1 END",
        [.integer(commit.revision)])
    ]
    for pattern in commit.newPatterns {
      statements.append(
        SQLStatement(PatternRow.put, PatternRow.arguments(pattern) + [.null]))
      statements += PatternRow.keyStatements(pattern)
    }
    for pattern in commit.mergedPatterns.lazy.map(\.bounded) {
      statements.append(
        SQLStatement(
          """
          UPDATE patterns SET definition = ?2, success_rate = ?3, occurrence_count = ?4,
            evidence = ?5, updated_at = ?6
          WHERE id = ?1
          """,
          [
            .text(pattern.id), .text(JSONColumns.definition(pattern.kind)),
            .real(pattern.successRate), .integer(Int64(pattern.occurrenceCount)),
            .text(JSONColumns.strings(pattern.evidence)),
            .integer(pattern.updatedAt.nanosecondsSince1970),
          ]))
    }
    if !commit.rewordedPatternIDs.isEmpty {
      statements.append(
        SQLStatement(
          """
          DELETE FROM embeddings WHERE pattern IN (
            SELECT rowid FROM patterns WHERE id IN (SELECT value FROM json_each(?1))
          )
          """, [.text(JSONColumns.strings(commit.rewordedPatternIDs))]))
    }
    for episode in commit.episodes { statements += self.statements(of: episode) }
    for (patternID, episodeIDs) in commit.earlierEvidence.sorted(by: { $0.key < $1.key }) {
      statements.append(
        adding(patternID, to: "pattern_ids", ofEpisodes: episodeIDs))
    }
    for heuristic in commit.heuristics {
      statements.append(putting(heuristic))
      if commit.newHeuristicIDs.contains(heuristic.id) {
        statements.append(
          adding(heuristic.id, to: "heuristic_ids", ofEpisodes: heuristic.evidence))
      }
    }
    statements += dropping(heuristicIDs: commit.droppedHeuristicIDs)
    for learned in commit.episodes {
      for applied in learned.episode.appliedPatterns {
        statements.append(counting(applied, in: learned, at: commit.time))
      }
    }
    statements.append(
      SQLStatement(
        "DELETE FROM learning_queue WHERE episode IN (SELECT value FROM json_each(?1))",
        [.text(JSONColumns.integers(commit.episodes.lazy.map(\.rowID)))]))
    return statements
  }

  private static func statements(of learned: LearnedEpisode) -> [SQLStatement] {
    if learned.patternIDs.isEmpty && learned.heuristicIDs.isEmpty && learned.reward == nil {
      return []
    }
    return [
      SQLStatement(
        """
        UPDATE episodes SET pattern_ids = ?2, heuristic_ids = ?3,
          reward_total = coalesce(?4, reward_total),
          reward_learning_bonus = coalesce(?5, reward_learning_bonus)
        WHERE rowid = ?1
        """,
        [
          .integer(learned.rowID), .text(JSONColumns.strings(learned.patternIDs)),
          .text(JSONColumns.strings(learned.heuristicIDs)), SQLValue(learned.reward?.total),
          SQLValue(learned.reward?.learningBonus),
        ])
    ]
  }

  /// - Parameter column: one of this module's constants.
  static func adding(
    _ id: String, to column: String, ofEpisodes episodeIDs: [String]
  ) -> SQLStatement {
    SQLStatement(
      """
      UPDATE episodes SET \(column) = json_insert(\(column), '$[#]', ?1)
      WHERE id IN (SELECT value FROM json_each(?2))
        AND NOT EXISTS (SELECT 1 FROM json_each(episodes.\(column)) WHERE value = ?1)
      """, [.text(id), .text(JSONColumns.strings(episodeIDs))])
  }

  /// Deletes heuristics, and takes them out of the episodes that they name as evidence.
  static func dropping(heuristicIDs ids: [String]) -> [SQLStatement] {
    if ids.isEmpty { return [] }
    let list: [SQLValue] = [.text(JSONColumns.strings(ids))]
    return [
      SQLStatement(
        """
        UPDATE episodes SET heuristic_ids = (
          SELECT json_group_array(value) FROM (
            SELECT value FROM json_each(episodes.heuristic_ids)
            WHERE value NOT IN (SELECT value FROM json_each(?1)) ORDER BY key
          )
        )
        WHERE json_valid(heuristic_ids) AND id IN (
          SELECT shown.value FROM heuristics AS h,
            json_each(iif(json_valid(h.evidence), h.evidence, '[]')) AS shown
          WHERE h.id IN (SELECT value FROM json_each(?1))
          UNION SELECT shown.value FROM patterns AS p,
            json_each(iif(json_valid(p.evidence), p.evidence, '[]')) AS shown
          WHERE p.id IN (SELECT value FROM json_each(?1))
        )
        """, list),
      SQLStatement("DELETE FROM heuristics WHERE id IN (SELECT value FROM json_each(?1))", list),
    ]
  }

  static func putting(_ heuristic: Heuristic) -> SQLStatement {
    SQLStatement(
      """
      INSERT INTO heuristics
        (id, namespace, condition, action, confidence, evidence, created_at, updated_at)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
      ON CONFLICT (id) DO UPDATE SET
        condition = excluded.condition, action = excluded.action,
        confidence = excluded.confidence, evidence = excluded.evidence,
        updated_at = excluded.updated_at
      """,
      [
        .text(heuristic.id), .text(heuristic.namespace), .text(heuristic.condition),
        .text(heuristic.action), .real(heuristic.confidence),
        .text(JSONColumns.strings(heuristic.evidence)),
        .integer(heuristic.createdAt.nanosecondsSince1970),
        .integer(heuristic.updatedAt.nanosecondsSince1970),
      ])
  }

  /// Counts the use of a pattern in a completed episode. The reward above others is measured against the
  /// latest comparable episodes: of the same namespace, domain and task type, without the pattern; where
  /// there are none the average stays, and where the numbers are so large that their difference is none.
  private static func counting(
    _ applied: AppliedPattern, in learned: LearnedEpisode, at time: Timestamp
  ) -> SQLStatement {
    let episode = learned.episode
    let succeeded = PatternExtraction.isSuccess(applied, in: episode)
    return SQLStatement(
      """
      UPDATE patterns SET
        average_reward_delta = coalesce(max(-1e9, min(1e9, average_reward_delta + coalesce(
          (?4 - (
            SELECT avg(reward_total) FROM (
              SELECT reward_total FROM episodes AS e
              WHERE e.domain = ?5 AND e.namespace = ?6 AND e.task_type = ?7 AND e.rowid <> ?8
                AND e.reward_total IS NOT NULL
                AND NOT EXISTS (
                  SELECT 1 FROM json_each(e.applied_patterns) AS a
                  WHERE json_extract(a.value, '$.patternID') = ?1
                )
              ORDER BY e.start_time DESC LIMIT 100
            )
          ) - average_reward_delta) / (times_applied + 1), 0))), 0),
        times_applied = times_applied + 1,
        success_when_applied = success_when_applied + ?2,
        failure_when_applied = failure_when_applied + ?3,
        last_used = max(coalesce(last_used, ?9), ?9)
      WHERE id = ?1 AND namespace = ?6
      """,
      [
        .text(applied.patternID), .integer(succeeded == true ? 1 : 0),
        .integer(succeeded == false ? 1 : 0),
        SQLValue(learned.reward?.total ?? episode.reward?.total), .text(episode.context.domain),
        .text(episode.namespace), .text(episode.taskType.rawValue), .integer(learned.rowID),
        .integer(time.nanosecondsSince1970),
      ])
  }
}
