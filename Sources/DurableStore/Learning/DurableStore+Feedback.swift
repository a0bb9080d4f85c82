public import Episodes

extension DurableStore {
  /// Records what using a recommended pattern did. Said again it replaces what was said before, and is not
  /// counted twice.
  ///
  /// While the episode of the recommendation is unfinished the pattern becomes one of those it applied, and
  /// counts when something is learned from the episode. What an episode has said already is replaced there,
  /// and in the count if it has been counted. Otherwise it counts at once.
  ///
  /// - Parameters:
  ///   - id: the recommendation.
  ///   - patternID: one of its patterns.
  ///   - previous: the effect that is stored.
  /// - Throws: ``DurableStoreError/changedMeanwhile(_:id:)`` when another effect is stored than `previous`, or
  ///   the episode has changed meanwhile; ``DurableStoreError/notFound(_:id:)`` when the pattern is none of the
  ///   recommendation. Nothing is written then.
  public func recordFeedback(
    recommendation id: String, pattern patternID: String, effect: AppliedPattern.Effect,
    replacing previous: AppliedPattern.Effect?, at time: Timestamp
  ) async throws(DurableStoreError) {
    let target = try await feedbackTarget(recommendation: id)
    var statements = [
      // Breaks a rule of the table, and with it the transaction, if the pattern is not recommended any more.
      SQLStatement(
        """
        UPDATE learning_state SET revision = CASE WHEN EXISTS (
          SELECT 1 FROM recommended_patterns WHERE recommendation = ?1 AND pattern_id = ?2
        ) THEN revision END
        """, [.text(id), .text(patternID)]),
      // Breaks a rule of the table, and with it the transaction, if another effect is stored, or the episode
      // is another.
      SQLStatement(
        """
        UPDATE recommended_patterns SET effect = ?3, effect_at = ?5,
          position = CASE WHEN effect IS ?4 AND (\(FeedbackTarget.markSQL)) IS ?6 THEN position END
        WHERE recommendation = ?1 AND pattern_id = ?2
        """,
        [
          .text(id), .text(patternID), .text(effect.rawValue), SQLValue(previous?.rawValue),
          .integer(time.nanosecondsSince1970), SQLValue(target?.mark),
        ]),
    ]
    let use = target?.use(of: patternID)
    if let target, target.outcome == nil || use != nil {
      statements.append(
        SQLStatement(
          """
          UPDATE episodes SET applied_patterns = ?2
          WHERE id = (SELECT episode_id FROM recommendations WHERE id = ?1)
          """,
          [
            .text(id),
            .text(JSONColumns.appliedPatterns(target.appliedPatterns(with: effect, of: patternID))),
          ]))
    }
    if target?.isQueued == true && use != nil {
      // A batch that was read before this has the old effect.
      statements.append(SQLStatement("UPDATE learning_state SET revision = revision + 1"))
    }
    let waits = target.map { $0.outcome == nil || use != nil && $0.isQueued } ?? false
    if !waits {
      statements.append(
        Self.counting(
          FeedbackCount(effect), of: patternID,
          replacing: use ?? previous.map(FeedbackCount.init), at: time))
    }
    do {
      _ = try await backend.write(statements)
    } catch {
      guard error.kind == .constraintViolation else { throw .database(error) }
      throw error.statementIndex == 0
        ? .notFound(.pattern, id: patternID) : .changedMeanwhile(.pattern, id: patternID)
    }
  }

  private static func counting(
    _ count: FeedbackCount, of patternID: String, replacing old: FeedbackCount?, at time: Timestamp
  ) -> SQLStatement {
    SQLStatement(
      """
      UPDATE patterns SET
        times_applied = times_applied + ?2,
        success_when_applied = max(0, success_when_applied + ?3),
        failure_when_applied = max(0, failure_when_applied + ?4),
        last_used = max(coalesce(last_used, ?5), ?5)
      WHERE id = ?1
      """,
      [
        .text(patternID), .integer(old == nil ? 1 : 0),
        .integer(count.success - (old?.success ?? 0)),
        .integer(count.failure - (old?.failure ?? 0)), .integer(time.nanosecondsSince1970),
      ])
  }

  private func feedbackTarget(
    recommendation id: String
  ) async throws(DurableStoreError) -> FeedbackTarget? {
    let result = try await read(FeedbackTarget.readSQL, [.text(id)])
    guard let values = result.rows.first else { return nil }
    var row = RowReader(table: "episodes", columns: result.columns, values: values)
    return FeedbackTarget(
      outcome: try EpisodeRow.outcome(&row),
      appliedPatterns: try row.json(JSONColumns.appliedPatterns),
      isQueued: try row.integer() != 0, mark: try row.text())
  }
}
