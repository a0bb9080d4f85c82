extension Migration {
  static let segmentTables = [
    """
    CREATE TABLE index_segments (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      model TEXT NOT NULL,
      metric TEXT NOT NULL,
      dimension INTEGER NOT NULL,
      vector_count INTEGER NOT NULL,
      lowest_embedding_id INTEGER NOT NULL,
      highest_embedding_id INTEGER NOT NULL,
      byte_count INTEGER NOT NULL,
      chunk_bytes INTEGER NOT NULL,
      checksum TEXT,
      created_at INTEGER NOT NULL,
      -- Readers see complete segments only.
      is_complete INTEGER NOT NULL DEFAULT 0,
      publisher TEXT NOT NULL,
      -- When the publisher last wrote, in seconds since 1970 by this database's clock.
      touched_at INTEGER NOT NULL
    )
    """,
    """
    CREATE TABLE segment_chunks (
      rowid INTEGER PRIMARY KEY,
      segment INTEGER NOT NULL REFERENCES index_segments (id),
      position INTEGER NOT NULL,
      checksum TEXT NOT NULL,
      data BLOB NOT NULL,
      UNIQUE (segment, position)
    )
    """,
  ]

  static let indexes = [
    "CREATE INDEX episodes_by_start ON episodes (start_time)",
    "CREATE INDEX episodes_by_namespace ON episodes (namespace, start_time)",
    "CREATE INDEX episodes_by_domain ON episodes (domain, start_time)",
    """
    CREATE INDEX episodes_by_agent ON episodes (agent_id, start_time) WHERE agent_id IS NOT NULL
    """,
    """
    CREATE INDEX episodes_by_session ON episodes (session_id, start_time)
    WHERE session_id IS NOT NULL
    """,
    "CREATE INDEX tags_by_episode ON tags (episode)",
    "CREATE INDEX checkpoints_by_id ON checkpoints (id)",
    "CREATE INDEX relationships_by_from ON relationships (from_id, kind)",
    "CREATE INDEX relationships_by_to ON relationships (to_id, kind)",
    "CREATE INDEX patterns_by_kind ON patterns (kind)",
    "CREATE INDEX embeddings_by_content ON embeddings (content_hash, model)",
    "CREATE INDEX embeddings_by_episode ON embeddings (episode, model) WHERE episode IS NOT NULL",
    "CREATE INDEX embeddings_by_pattern ON embeddings (pattern, model) WHERE pattern IS NOT NULL",
  ]
}
