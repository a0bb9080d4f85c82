extension Migration {
  /// What is forgotten stays away, the same content is stored once, and it is known when an episode was last
  /// used.
  static let version4 = Migration(
    version: 4, statements: forgetting + contents + accesses + history)

  /// Ids alone, so that nothing of what was forgotten is kept. A write that brings one back is refused whoever
  /// makes it.
  private static let forgetting = [
    """
    CREATE TABLE forgotten (
      id TEXT NOT NULL PRIMARY KEY,
      forgotten_at INTEGER NOT NULL
    ) WITHOUT ROWID
    """,
    """
    CREATE TRIGGER episodes_forgotten_insert BEFORE INSERT ON episodes
    WHEN EXISTS (SELECT 1 FROM forgotten WHERE id = NEW.id) BEGIN
      SELECT raise(ABORT, 'the episode was forgotten');
    END
    """,
    """
    CREATE TRIGGER episodes_forgotten_rename BEFORE UPDATE OF id ON episodes
    WHEN NEW.id <> OLD.id AND EXISTS (SELECT 1 FROM forgotten WHERE id = NEW.id) BEGIN
      SELECT raise(ABORT, 'the episode was forgotten');
    END
    """,
  ]

  /// The hash is of what the row and its parts are now; null where it is not known: for a row of an earlier
  /// version, and one that has changed since, other than by what was made of it. To know it is no change of the episode, and not logged.
  private static let contents = [
    "ALTER TABLE episodes ADD COLUMN content_hash TEXT",
    """
    CREATE UNIQUE INDEX episodes_by_content ON episodes (content_hash)
    WHERE content_hash IS NOT NULL
    """,
    "DROP TRIGGER episodes_logged_update",
    """
    CREATE TRIGGER episodes_logged_update AFTER UPDATE ON episodes
    WHEN NEW.step_count >= 0
      AND (NEW.content_hash IS OLD.content_hash OR NEW.revision <> OLD.revision) BEGIN
      INSERT INTO changes (kind, record_id, operation) VALUES ('episode', NEW.id, 'update');
    END
    """,
    """
    CREATE TRIGGER episodes_content_changed
    AFTER UPDATE OF
      namespace, agent_id, session_id, task_type, task_description, domain, language, framework,
      complexity, context_tags, start_time, end_time, outcome_kind, outcome, reflection, salient_features, applied_patterns, tags, metadata,
      latitude, longitude, valid_from, valid_until, superseded_by, step_count, revision
    ON episodes
    WHEN OLD.content_hash IS NOT NULL AND NEW.content_hash IS OLD.content_hash BEGIN
      UPDATE episodes SET content_hash = NULL WHERE rowid = NEW.rowid;
    END
    """,
  ]

  /// Beside the episodes: reading one is no change of it.
  private static let accesses = [
    """
    CREATE TABLE episode_access (
      episode INTEGER PRIMARY KEY REFERENCES episodes (rowid),
      accessed_at INTEGER NOT NULL,
      access_count INTEGER NOT NULL
    )
    """,
    """
    CREATE TRIGGER episodes_deleted_access AFTER DELETE ON episodes BEGIN
      DELETE FROM episode_access WHERE episode = OLD.rowid;
    END
    """,
  ]

  private static let history = [
    """
    CREATE INDEX episodes_by_successor ON episodes (superseded_by)
    WHERE superseded_by IS NOT NULL
    """,
    """
    CREATE INDEX episodes_unfinished ON episodes (start_time)
    WHERE outcome_kind IS NULL AND end_time IS NULL
    """,
    // What was replaced by an episode that goes was replaced by its successor, if it has one.
    """
    CREATE TRIGGER episodes_deleted_history AFTER DELETE ON episodes BEGIN
      UPDATE episodes SET superseded_by = nullif(OLD.superseded_by, id)
      WHERE superseded_by = OLD.id;
    END
    """,
  ]
}
