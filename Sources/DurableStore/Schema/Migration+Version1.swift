extension Migration {
  /// The first schema.
  static let version1 = Migration(
    version: 1,
    statements: episodeTables + learningTables + segmentTables + indexes + episodeTriggers
      + partTriggers + recordTriggers)

  /// Times are nanoseconds since 1970 (UTC), `*_seconds` are seconds; columns named in the plural
  /// and `metadata`, `parameters`, `outcome`, `reflection` hold JSON.
  private static let episodeTables = [
    """
    CREATE TABLE store_properties (
      name TEXT NOT NULL PRIMARY KEY,
      value TEXT NOT NULL
    ) WITHOUT ROWID
    """,
    "INSERT INTO store_properties (name, value) VALUES ('store_id', lower(hex(randomblob(16))))",
    """
    CREATE TABLE episodes (
      rowid INTEGER PRIMARY KEY AUTOINCREMENT,
      id TEXT NOT NULL UNIQUE,
      namespace TEXT NOT NULL DEFAULT 'default',
      agent_id TEXT,
      session_id TEXT,
      task_type TEXT NOT NULL DEFAULT 'other',
      task_description TEXT NOT NULL,
      domain TEXT NOT NULL DEFAULT 'general',
      language TEXT,
      framework TEXT,
      complexity TEXT NOT NULL DEFAULT 'moderate',
      context_tags TEXT NOT NULL DEFAULT '[]',
      start_time INTEGER NOT NULL,
      end_time INTEGER,
      outcome_kind TEXT,
      outcome TEXT,
      reward_total REAL,
      reward_base REAL,
      reward_efficiency REAL,
      reward_complexity_bonus REAL,
      reward_quality_multiplier REAL,
      reward_learning_bonus REAL,
      reflection TEXT,
      salient_features TEXT,
      pattern_ids TEXT NOT NULL DEFAULT '[]',
      heuristic_ids TEXT NOT NULL DEFAULT '[]',
      applied_patterns TEXT NOT NULL DEFAULT '[]',
      tags TEXT NOT NULL DEFAULT '[]',
      metadata TEXT NOT NULL DEFAULT '{}',
      latitude REAL,
      longitude REAL,
      valid_from INTEGER,
      valid_until INTEGER,
      superseded_by TEXT,
      -- How many leading steps belong to the row as last written; -1 while it is being rewritten.
      step_count INTEGER NOT NULL DEFAULT 0,
      -- A random number of the last write, by which the statements of one write find its row;
      -- 0 for a row made by hand.
      revision INTEGER NOT NULL DEFAULT 0
    )
    """,
    """
    CREATE TABLE steps (
      episode INTEGER NOT NULL REFERENCES episodes (rowid),
      number INTEGER NOT NULL,
      timestamp INTEGER NOT NULL,
      tool TEXT NOT NULL,
      action TEXT NOT NULL,
      parameters TEXT NOT NULL DEFAULT '{}',
      result_kind TEXT,
      result_text TEXT,
      latency_seconds REAL NOT NULL DEFAULT 0,
      tokens_used INTEGER,
      metadata TEXT NOT NULL DEFAULT '{}',
      PRIMARY KEY (episode, number)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE tags (
      name TEXT NOT NULL,
      episode INTEGER NOT NULL REFERENCES episodes (rowid),
      PRIMARY KEY (name, episode)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE checkpoints (
      episode INTEGER NOT NULL REFERENCES episodes (rowid),
      position INTEGER NOT NULL,
      id TEXT NOT NULL,
      step_number INTEGER NOT NULL,
      timestamp INTEGER NOT NULL,
      label TEXT NOT NULL,
      note TEXT,
      PRIMARY KEY (episode, position),
      UNIQUE (episode, id)
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE relationships (
      id TEXT NOT NULL PRIMARY KEY,
      from_id TEXT NOT NULL REFERENCES episodes (id) ON UPDATE CASCADE,
      to_id TEXT NOT NULL REFERENCES episodes (id) ON UPDATE CASCADE,
      kind TEXT NOT NULL,
      reason TEXT,
      priority INTEGER,
      created_at INTEGER NOT NULL
    )
    """,
    """
    CREATE VIRTUAL TABLE episode_space USING rtree (
      episode, min_latitude, max_latitude, min_longitude, max_longitude, min_seconds, max_seconds
    )
    """,
    """
    CREATE VIRTUAL TABLE episode_text USING fts5 (
      description, steps, outcome, reflection,
      tokenize = 'porter unicode61 remove_diacritics 2'
    )
    """,
    """
    CREATE VIEW episode_documents AS
    SELECT
      e.rowid AS episode,
      e.task_description AS description,
      (
        SELECT group_concat(s.action || ' ' || coalesce(s.result_text, ''), char(10))
        FROM steps AS s WHERE s.episode = e.rowid
      ) AS steps,
      (
        SELECT group_concat(atom, char(10)) FROM json_tree(e.outcome) WHERE type = 'text'
      ) AS outcome,
      (
        SELECT group_concat(atom, char(10)) FROM json_tree(e.reflection) WHERE type = 'text'
      ) AS reflection
    FROM episodes AS e
    """,
    """
    CREATE TABLE changes (
      sequence INTEGER PRIMARY KEY AUTOINCREMENT,
      kind TEXT NOT NULL,
      record_id TEXT NOT NULL,
      operation TEXT NOT NULL
    )
    """,
  ]

  private static let learningTables = [
    """
    CREATE TABLE patterns (
      rowid INTEGER PRIMARY KEY AUTOINCREMENT,
      id TEXT NOT NULL UNIQUE,
      kind TEXT NOT NULL,
      definition TEXT NOT NULL,
      domain TEXT NOT NULL DEFAULT 'general',
      language TEXT,
      framework TEXT,
      complexity TEXT NOT NULL DEFAULT 'moderate',
      context_tags TEXT NOT NULL DEFAULT '[]',
      success_rate REAL NOT NULL,
      occurrence_count INTEGER NOT NULL,
      times_retrieved INTEGER NOT NULL DEFAULT 0,
      times_applied INTEGER NOT NULL DEFAULT 0,
      success_when_applied INTEGER NOT NULL DEFAULT 0,
      failure_when_applied INTEGER NOT NULL DEFAULT 0,
      average_reward_delta REAL NOT NULL DEFAULT 0,
      last_used INTEGER,
      evidence TEXT NOT NULL DEFAULT '[]',
      created_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL
    )
    """,
    """
    CREATE TABLE heuristics (
      rowid INTEGER PRIMARY KEY AUTOINCREMENT,
      id TEXT NOT NULL UNIQUE,
      condition TEXT NOT NULL,
      action TEXT NOT NULL,
      confidence REAL NOT NULL,
      evidence TEXT NOT NULL DEFAULT '[]',
      created_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL
    )
    """,
    // The vector comes last: reading the columns before it skips its pages. Ids are never reused,
    // because the vector index knows its records by them.
    """
    CREATE TABLE embeddings (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      owner_kind TEXT NOT NULL,
      owner_id TEXT NOT NULL,
      part INTEGER NOT NULL DEFAULT 0,
      model TEXT NOT NULL,
      dimension INTEGER NOT NULL,
      content_hash TEXT NOT NULL,
      episode INTEGER REFERENCES episodes (rowid),
      pattern INTEGER REFERENCES patterns (rowid),
      vector BLOB NOT NULL,
      UNIQUE (owner_kind, owner_id, part, model),
      CHECK (length(vector) = 4 * dimension),
      CHECK ((owner_kind = 'pattern') = (pattern IS NOT NULL)),
      CHECK ((owner_kind <> 'pattern') = (episode IS NOT NULL))
    )
    """,
  ]
}
