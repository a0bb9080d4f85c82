extension Migration {
  /// Tags are found latest start first, places in a box whose third side is as long as the others.
  static let version2 = Migration(
    version: 2, statements: tagStatements + placeStatements + deletion)

  /// With the start in the key, a listing of a tag is read in its order, and ends with its last row.
  private static let tagStatements = [
    "DROP TRIGGER episodes_deleted",
    "DROP TRIGGER episodes_tagged_insert",
    "DROP TRIGGER episodes_tagged_update",
    """
    CREATE TABLE started_tags (
      name TEXT NOT NULL,
      start_time INTEGER NOT NULL,
      episode INTEGER NOT NULL REFERENCES episodes (rowid),
      PRIMARY KEY (name, start_time, episode)
    ) WITHOUT ROWID
    """,
    """
    INSERT INTO started_tags (name, start_time, episode)
    SELECT t.name, e.start_time, t.episode
    FROM tags AS t CROSS JOIN episodes AS e ON e.rowid = t.episode
    """,
    "DROP TABLE tags",
    "ALTER TABLE started_tags RENAME TO tags",
    "CREATE INDEX tags_by_episode ON tags (episode, name)",
    """
    CREATE TRIGGER episodes_tagged_insert AFTER INSERT ON episodes
    WHEN NEW.revision = 0 BEGIN
      INSERT INTO tags (name, start_time, episode)
      SELECT value, NEW.start_time, NEW.rowid FROM json_each(NEW.tags)
      WHERE true ON CONFLICT DO NOTHING;
      INSERT INTO tags (name, start_time, episode)
      SELECT value, NEW.start_time, NEW.rowid FROM json_each(NEW.context_tags)
      WHERE true ON CONFLICT DO NOTHING;
    END
    """,
    """
    CREATE TRIGGER episodes_tagged_update
    AFTER UPDATE OF tags, context_tags, start_time ON episodes
    WHEN NEW.revision = OLD.revision AND OLD.step_count >= 0 BEGIN
      DELETE FROM tags WHERE episode = NEW.rowid;
      INSERT INTO tags (name, start_time, episode)
      SELECT value, NEW.start_time, NEW.rowid FROM json_each(NEW.tags)
      WHERE true ON CONFLICT DO NOTHING;
      INSERT INTO tags (name, start_time, episode)
      SELECT value, NEW.start_time, NEW.rowid FROM json_each(NEW.context_tags)
      WHERE true ON CONFLICT DO NOTHING;
    END
    """,
  ]

  /// An R*Tree splits where boxes are longest: with times in seconds that was always the time, so
  /// that a search for a place went through all of them. A day beside a degree keeps the sides of a
  /// year alike.
  private static let placeStatements = [
    "DROP TRIGGER episodes_placed_insert",
    "DROP TRIGGER episodes_placed_update",
    "DROP TABLE episode_space",
    """
    CREATE VIRTUAL TABLE episode_space USING rtree (
      episode, min_latitude, max_latitude, min_longitude, max_longitude, min_days, max_days
    )
    """,
    """
    INSERT INTO episode_space
    SELECT
      rowid, latitude, latitude, longitude, longitude, start_time / 86400e9,
      max(start_time, coalesce(end_time, start_time)) / 86400e9
    FROM episodes WHERE latitude IS NOT NULL AND longitude IS NOT NULL
    """,
    """
    CREATE TRIGGER episodes_placed_insert AFTER INSERT ON episodes
    WHEN NEW.latitude IS NOT NULL AND NEW.longitude IS NOT NULL BEGIN
      INSERT INTO episode_space VALUES (
        NEW.rowid, NEW.latitude, NEW.latitude, NEW.longitude, NEW.longitude,
        NEW.start_time / 86400e9,
        max(NEW.start_time, coalesce(NEW.end_time, NEW.start_time)) / 86400e9
      );
    END
    """,
    """
    CREATE TRIGGER episodes_placed_update
    AFTER UPDATE OF latitude, longitude, start_time, end_time ON episodes BEGIN
      DELETE FROM episode_space WHERE episode = NEW.rowid;
      INSERT INTO episode_space
      SELECT
        NEW.rowid, NEW.latitude, NEW.latitude, NEW.longitude, NEW.longitude,
        NEW.start_time / 86400e9,
        max(NEW.start_time, coalesce(NEW.end_time, NEW.start_time)) / 86400e9
      WHERE NEW.latitude IS NOT NULL AND NEW.longitude IS NOT NULL;
    END
    """,
  ]

  /// As before; it names tables that are made anew above.
  private static let deletion = [
    """
    CREATE TRIGGER episodes_deleted AFTER DELETE ON episodes BEGIN
      DELETE FROM steps WHERE episode = OLD.rowid;
      DELETE FROM tags WHERE episode = OLD.rowid;
      DELETE FROM checkpoints WHERE episode = OLD.rowid;
      DELETE FROM embeddings WHERE episode = OLD.rowid;
      DELETE FROM relationships WHERE from_id = OLD.id OR to_id = OLD.id;
      DELETE FROM episode_text WHERE rowid = OLD.rowid;
      DELETE FROM episode_space WHERE episode = OLD.rowid;
      INSERT INTO changes (kind, record_id, operation) VALUES ('episode', OLD.id, 'delete');
    END
    """
  ]
}
