extension Migration {
  /// Patterns and heuristics by namespace; the queue of episodes to learn from, and sessions of
  /// recommendations.
  static let version3 = Migration(
    version: 3,
    statements: patternStatements + learningStatements + recommendationStatements
      + queueTriggers + forgettingTriggers + revisionTriggers)

  private static let patternStatements = [
    "ALTER TABLE patterns ADD COLUMN namespace TEXT NOT NULL DEFAULT 'default'",
    // Whether `pattern_keys` is as it should be: it is not for a row made by hand, nor for those of
    // earlier versions.
    "ALTER TABLE patterns ADD COLUMN is_keyed INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE heuristics ADD COLUMN namespace TEXT NOT NULL DEFAULT 'default'",
    "CREATE INDEX patterns_by_namespace ON patterns (namespace, kind)",
    "CREATE INDEX patterns_without_keys ON patterns (is_keyed) WHERE is_keyed = 0",
    "CREATE INDEX heuristics_by_namespace ON heuristics (namespace)",
    // Of two patterns that may be merged one key at least is the same.
    """
    CREATE TABLE pattern_keys (
      namespace TEXT NOT NULL,
      key TEXT NOT NULL,
      pattern INTEGER NOT NULL REFERENCES patterns (rowid),
      PRIMARY KEY (namespace, key, pattern)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX pattern_keys_by_pattern ON pattern_keys (pattern)",
  ]

  private static let learningStatements = [
    // Completed episodes that nothing has been learned from yet.
    """
    CREATE TABLE learning_queue (
      episode INTEGER PRIMARY KEY REFERENCES episodes (rowid),
      failure_count INTEGER NOT NULL DEFAULT 0
    )
    """,
    // Goes up with every change of what is learned, so that of two processes that learn at once one
    // notices.
    "CREATE TABLE learning_state (revision INTEGER NOT NULL)",
    "INSERT INTO learning_state (revision) VALUES (0)",
    """
    INSERT INTO learning_queue (episode)
    SELECT rowid FROM episodes WHERE outcome IS NOT NULL AND pattern_ids = '[]'
    """,
  ]

  private static let recommendationStatements = [
    """
    CREATE TABLE recommendations (
      id TEXT NOT NULL PRIMARY KEY,
      namespace TEXT NOT NULL,
      task TEXT NOT NULL,
      context TEXT,
      episode_id TEXT,
      created_at INTEGER NOT NULL
    )
    """,
    "CREATE INDEX recommendations_by_episode ON recommendations (episode_id, created_at)",
    """
    CREATE TABLE recommended_patterns (
      recommendation TEXT NOT NULL REFERENCES recommendations (id),
      pattern_id TEXT NOT NULL,
      position INTEGER NOT NULL,
      score REAL NOT NULL,
      effect TEXT,
      effect_at INTEGER,
      PRIMARY KEY (recommendation, pattern_id)
    ) WITHOUT ROWID
    """,
    """
    CREATE TRIGGER recommendations_deleted AFTER DELETE ON recommendations BEGIN
      DELETE FROM recommended_patterns WHERE recommendation = OLD.id;
    END
    """,
  ]
}
