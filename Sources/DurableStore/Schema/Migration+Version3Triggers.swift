// An episode that is complete and names no pattern is to be learned from; the row that says so is
// written with it. What was learned from an episode goes with it, or with the change that makes it to be
// learned from anew: the episode names its patterns, and each counts it once.
extension Migration {
  static let queueTriggers = [
    """
    CREATE TRIGGER episodes_queued_insert AFTER INSERT ON episodes
    WHEN NEW.outcome IS NOT NULL AND NEW.pattern_ids = '[]' BEGIN
      INSERT INTO learning_queue (episode) VALUES (NEW.rowid) ON CONFLICT DO NOTHING;
    END
    """,
    """
    CREATE TRIGGER episodes_queued_update AFTER UPDATE OF outcome, pattern_ids ON episodes
    WHEN NEW.outcome IS NOT NULL AND NEW.pattern_ids = '[]'
      AND (NEW.outcome IS NOT OLD.outcome OR OLD.pattern_ids <> '[]')
    BEGIN
      INSERT INTO learning_queue (episode) VALUES (NEW.rowid) ON CONFLICT DO NOTHING;
    END
    """,
  ]

  static let forgettingTriggers = [
    """
    CREATE TRIGGER episodes_forgotten AFTER DELETE ON episodes BEGIN
      UPDATE learning_state SET revision = revision + 1
      WHERE EXISTS (SELECT 1 FROM learning_queue WHERE episode = OLD.rowid);
      DELETE FROM learning_queue WHERE episode = OLD.rowid;
      DELETE FROM recommendations WHERE episode_id = OLD.id;
      \(forgetting(patterns: ids("OLD.pattern_ids")))
      \(forgetting(heuristics: ids("OLD.heuristic_ids")))
    END
    """,
    """
    CREATE TRIGGER episodes_unlearned AFTER UPDATE OF pattern_ids ON episodes
    WHEN OLD.pattern_ids <> '[]' AND NEW.pattern_ids <> OLD.pattern_ids BEGIN
      \(forgetting(
        patterns: "\(ids("OLD.pattern_ids")) EXCEPT \(ids("NEW.pattern_ids"))"))
    END
    """,
    """
    CREATE TRIGGER patterns_forgotten AFTER DELETE ON patterns BEGIN
      DELETE FROM pattern_keys WHERE pattern = OLD.rowid;
      DELETE FROM heuristics WHERE id = OLD.id;
      DELETE FROM recommended_patterns WHERE pattern_id = OLD.id;
    END
    """,
    "CREATE INDEX recommended_patterns_by_pattern ON recommended_patterns (pattern_id)",
  ]

  /// The ids in a column; none where another writer has put no JSON there.
  private static func ids(_ column: String) -> String {
    "SELECT value FROM json_each(iif(json_valid(\(column)), \(column), '[]'))"
  }

  /// Takes the episode `OLD.id` out of patterns that count it; one that no episode is left of goes.
  /// A pattern with as much evidence as it may have counts episodes that it does not name.
  private static func forgetting(patterns ids: String) -> String {
    """
    UPDATE patterns SET
      occurrence_count = occurrence_count - 1,
      evidence = \(evidence(of: "patterns"))
    WHERE id IN (\(ids)) AND occurrence_count > 0 AND (
      json_array_length(evidence) >= 256
      OR EXISTS (SELECT 1 FROM json_each(evidence) WHERE value = OLD.id)
    );
    DELETE FROM patterns WHERE id IN (\(ids)) AND occurrence_count = 0;
    """
  }

  private static func forgetting(heuristics ids: String) -> String {
    """
    UPDATE heuristics SET evidence = \(evidence(of: "heuristics")) WHERE id IN (\(ids));
    DELETE FROM heuristics WHERE id IN (\(ids)) AND json_array_length(evidence) < 2;
    """
  }

  private static func evidence(of table: String) -> String {
    """
    (
      SELECT json_group_array(value) FROM (
        SELECT value FROM json_each(\(table).evidence) WHERE value <> OLD.id ORDER BY key
      )
    )
    """
  }

  /// The counters of use are left out: learning does not write them.
  static let revisionTriggers = [
    ("inserted", "INSERT"), ("deleted", "DELETE"),
    (
      "updated",
      "UPDATE OF namespace, kind, definition, domain, language, framework, complexity, "
        + "context_tags, success_rate, occurrence_count, evidence"
    ),
  ].map { name, event in
    """
    CREATE TRIGGER patterns_revised_\(name) AFTER \(event) ON patterns BEGIN
      UPDATE learning_state SET revision = revision + 1;
    END
    """
  }
}
