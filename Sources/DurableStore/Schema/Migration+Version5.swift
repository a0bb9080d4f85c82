extension Migration {
  /// Writes without a text index, and places in an ordinary index.
  static let version5 = Migration(
    version: 5, statements: removals + stepTriggers + deletion + places)

  /// The FTS5 table was written by every write, which took a fifth of the time of each, and no search read it: the
  /// memory has an index of words of its own, which weighs them by the episodes that a filter lets in and does not
  /// visit every row that has a common word. The R*Tree took as much again. Both follow from the other
  /// tables: nothing is lost with them.
  private static let removals = [
    "DROP TRIGGER IF EXISTS episodes_worded_insert",
    "DROP TRIGGER IF EXISTS episodes_worded_update",
    "DROP TRIGGER IF EXISTS steps_inserted",
    "DROP TRIGGER IF EXISTS steps_updated",
    "DROP TRIGGER IF EXISTS steps_deleted",
    "DROP TRIGGER IF EXISTS episodes_placed_insert",
    "DROP TRIGGER IF EXISTS episodes_placed_update",
    "DROP TRIGGER IF EXISTS episodes_deleted",
    "DROP VIEW IF EXISTS episode_documents",
    "DROP TABLE IF EXISTS episode_text",
    "DROP TABLE IF EXISTS episode_space",
  ]

  /// As before, without the text.
  private static let stepTriggers = [
    """
    CREATE TRIGGER steps_inserted AFTER INSERT ON steps
    WHEN NEW.number > (SELECT step_count FROM episodes WHERE rowid = NEW.episode AND step_count >= 0)
    BEGIN
      UPDATE episodes SET step_count = step_count + (NEW.number = step_count + 1)
      WHERE rowid = NEW.episode;
    END
    """,
    """
    CREATE TRIGGER steps_updated AFTER UPDATE ON steps BEGIN
      UPDATE episodes SET step_count = CASE
        WHEN NEW.number = OLD.number AND NEW.episode = OLD.episode THEN step_count
        ELSE max(0, min(step_count, OLD.number - 1, NEW.number - 1))
      END
      WHERE rowid IN (OLD.episode, NEW.episode);
    END
    """,
    """
    CREATE TRIGGER steps_deleted AFTER DELETE ON steps
    WHEN (SELECT step_count FROM episodes WHERE rowid = OLD.episode) >= 0 BEGIN
      UPDATE episodes SET step_count = max(0, min(step_count, OLD.number - 1))
      WHERE rowid = OLD.episode;
    END
    """,
  ]

  /// As before, without the text and the place.
  private static let deletion = [
    """
    CREATE TRIGGER episodes_deleted AFTER DELETE ON episodes BEGIN
      DELETE FROM steps WHERE episode = OLD.rowid;
      DELETE FROM tags WHERE episode = OLD.rowid;
      DELETE FROM checkpoints WHERE episode = OLD.rowid;
      DELETE FROM embeddings WHERE episode = OLD.rowid;
      DELETE FROM relationships WHERE from_id = OLD.id OR to_id = OLD.id;
      INSERT INTO changes (kind, record_id, operation) VALUES ('episode', OLD.id, 'delete');
    END
    """
  ]

  /// Bands of a sixteenth of a degree, each in the order of the longitude: a box is a range in each of its bands.
  /// With the other columns in the index no row is read that lies outside.
  private static let places = [
    """
    CREATE INDEX episodes_by_place ON episodes (
      CAST((latitude + 90) * 16 AS INTEGER), longitude, latitude, start_time, end_time
    ) WHERE latitude IS NOT NULL AND longitude IS NOT NULL
    """
  ]
}
