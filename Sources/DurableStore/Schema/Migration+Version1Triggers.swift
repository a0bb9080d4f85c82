// Triggers keep everything that follows from the tables: tags, text and place of an episode, what
// goes with a deleted record, and the change log. They use built-in functions only, so that a change
// made with the sqlite3 tool is followed as well.
//
// An episode is written as its row, then its steps. `step_count` tells the triggers of the steps
// which of them come with the row: those log no change of their own. Every number up to `step_count`
// is present after a transaction, so a later insert is always beyond it, and followed in full.
//
// A write that changes `revision` brings `tags` and `episode_text` up to date itself, for all of its
// episodes at once and last: the text index flushes to disk at every statement with a savepoint, which
// is every statement that fires triggers, so that text written between others costs four times as
// much.
extension Migration {
  static let episodeTriggers = [
    """
    CREATE TRIGGER episodes_logged_insert AFTER INSERT ON episodes BEGIN
      INSERT INTO changes (kind, record_id, operation) VALUES ('episode', NEW.id, 'insert');
    END
    """,
    """
    CREATE TRIGGER episodes_logged_update AFTER UPDATE ON episodes WHEN NEW.step_count >= 0 BEGIN
      INSERT INTO changes (kind, record_id, operation) VALUES ('episode', NEW.id, 'update');
    END
    """,
    """
    CREATE TRIGGER episodes_renamed AFTER UPDATE OF id ON episodes WHEN NEW.id <> OLD.id BEGIN
      INSERT INTO changes (kind, record_id, operation) VALUES ('episode', OLD.id, 'delete');
      UPDATE embeddings SET owner_id = NEW.id WHERE episode = NEW.rowid;
    END
    """,
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
    """,
    """
    CREATE TRIGGER episodes_tagged_insert AFTER INSERT ON episodes
    WHEN NEW.revision = 0 BEGIN
      INSERT INTO tags (name, episode)
      SELECT value, NEW.rowid FROM json_each(NEW.tags) WHERE true ON CONFLICT DO NOTHING;
      INSERT INTO tags (name, episode)
      SELECT value, NEW.rowid FROM json_each(NEW.context_tags) WHERE true ON CONFLICT DO NOTHING;
    END
    """,
    """
    CREATE TRIGGER episodes_tagged_update AFTER UPDATE OF tags, context_tags ON episodes
    WHEN NEW.revision = OLD.revision AND OLD.step_count >= 0 BEGIN
      DELETE FROM tags WHERE episode = NEW.rowid;
      INSERT INTO tags (name, episode)
      SELECT value, NEW.rowid FROM json_each(NEW.tags) WHERE true ON CONFLICT DO NOTHING;
      INSERT INTO tags (name, episode)
      SELECT value, NEW.rowid FROM json_each(NEW.context_tags) WHERE true ON CONFLICT DO NOTHING;
    END
    """,
    """
    CREATE TRIGGER episodes_placed_insert AFTER INSERT ON episodes
    WHEN NEW.latitude IS NOT NULL AND NEW.longitude IS NOT NULL BEGIN
      INSERT INTO episode_space VALUES (
        NEW.rowid, NEW.latitude, NEW.latitude, NEW.longitude, NEW.longitude,
        NEW.start_time / 1e9,
        max(NEW.start_time, coalesce(NEW.end_time, NEW.start_time)) / 1e9
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
        NEW.start_time / 1e9,
        max(NEW.start_time, coalesce(NEW.end_time, NEW.start_time)) / 1e9
      WHERE NEW.latitude IS NOT NULL AND NEW.longitude IS NOT NULL;
    END
    """,
    """
    CREATE TRIGGER episodes_worded_insert AFTER INSERT ON episodes WHEN NEW.revision = 0 BEGIN
      INSERT INTO episode_text (rowid, description, steps, outcome, reflection)
      SELECT episode, description, steps, outcome, reflection
      FROM episode_documents WHERE episode = NEW.rowid;
    END
    """,
    """
    CREATE TRIGGER episodes_worded_update
    AFTER UPDATE OF task_description, outcome, reflection ON episodes
    WHEN NEW.revision = OLD.revision AND OLD.step_count >= 0 AND (
      NEW.task_description <> OLD.task_description OR NEW.outcome IS NOT OLD.outcome
      OR NEW.reflection IS NOT OLD.reflection
    ) BEGIN
      DELETE FROM episode_text WHERE rowid = NEW.rowid;
      INSERT INTO episode_text (rowid, description, steps, outcome, reflection)
      SELECT episode, description, steps, outcome, reflection
      FROM episode_documents WHERE episode = NEW.rowid;
    END
    """,
  ]

  static let partTriggers = [
    """
    CREATE TRIGGER steps_inserted AFTER INSERT ON steps
    WHEN NEW.number > (SELECT step_count FROM episodes WHERE rowid = NEW.episode AND step_count >= 0)
    BEGIN
      DELETE FROM episode_text WHERE rowid = NEW.episode;
      INSERT INTO episode_text (rowid, description, steps, outcome, reflection)
      SELECT episode, description, steps, outcome, reflection
      FROM episode_documents WHERE episode = NEW.episode;
      UPDATE episodes SET step_count = step_count + (NEW.number = step_count + 1)
      WHERE rowid = NEW.episode;
    END
    """,
    """
    CREATE TRIGGER steps_updated AFTER UPDATE ON steps BEGIN
      DELETE FROM episode_text WHERE rowid IN (OLD.episode, NEW.episode);
      INSERT INTO episode_text (rowid, description, steps, outcome, reflection)
      SELECT episode, description, steps, outcome, reflection
      FROM episode_documents WHERE episode IN (OLD.episode, NEW.episode);
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
      DELETE FROM episode_text WHERE rowid = OLD.episode;
      INSERT INTO episode_text (rowid, description, steps, outcome, reflection)
      SELECT episode, description, steps, outcome, reflection
      FROM episode_documents WHERE episode = OLD.episode;
      UPDATE episodes SET step_count = max(0, min(step_count, OLD.number - 1))
      WHERE rowid = OLD.episode;
    END
    """,
    // A write of the same value is still an update of the episode, and logged as one.
    """
    CREATE TRIGGER checkpoints_inserted AFTER INSERT ON checkpoints BEGIN
      UPDATE episodes SET step_count = step_count WHERE rowid = NEW.episode AND step_count >= 0;
    END
    """,
    """
    CREATE TRIGGER checkpoints_updated AFTER UPDATE ON checkpoints BEGIN
      UPDATE episodes SET step_count = step_count
      WHERE rowid IN (OLD.episode, NEW.episode) AND step_count >= 0;
    END
    """,
    """
    CREATE TRIGGER checkpoints_deleted AFTER DELETE ON checkpoints BEGIN
      UPDATE episodes SET step_count = step_count WHERE rowid = OLD.episode AND step_count >= 0;
    END
    """,
  ]

  static let recordTriggers =
    [
      logTriggers(table: "patterns", kind: "pattern", id: "id"),
      logTriggers(table: "heuristics", kind: "heuristic", id: "id"),
      logTriggers(table: "relationships", kind: "relationship", id: "id"),
      logTriggers(table: "embeddings", kind: "embedding", id: "id"),
    ].flatMap { $0 } + [
      """
      CREATE TRIGGER patterns_deleted AFTER DELETE ON patterns BEGIN
        DELETE FROM embeddings WHERE pattern = OLD.rowid;
      END
      """,
      """
      CREATE TRIGGER patterns_renamed AFTER UPDATE OF id ON patterns WHEN NEW.id <> OLD.id BEGIN
        UPDATE embeddings SET owner_id = NEW.id WHERE pattern = NEW.rowid;
      END
      """,
      """
      CREATE TRIGGER index_segments_inserted AFTER INSERT ON index_segments
      WHEN NEW.is_complete BEGIN
        INSERT INTO changes (kind, record_id, operation) VALUES ('segment', NEW.id, 'insert');
      END
      """,
      """
      CREATE TRIGGER index_segments_updated AFTER UPDATE ON index_segments
      WHEN NEW.is_complete BEGIN
        INSERT INTO changes (kind, record_id, operation)
        VALUES ('segment', NEW.id, iif(OLD.is_complete, 'update', 'insert'));
      END
      """,
      """
      CREATE TRIGGER index_segments_deleted AFTER DELETE ON index_segments BEGIN
        DELETE FROM segment_chunks WHERE segment = OLD.id;
        INSERT INTO changes (kind, record_id, operation)
        SELECT 'segment', OLD.id, 'delete' WHERE OLD.is_complete;
      END
      """,
    ]

  private static func logTriggers(table: String, kind: String, id: String) -> [String] {
    [
      """
      CREATE TRIGGER \(table)_logged_insert AFTER INSERT ON \(table) BEGIN
        INSERT INTO changes (kind, record_id, operation) VALUES ('\(kind)', NEW.\(id), 'insert');
      END
      """,
      """
      CREATE TRIGGER \(table)_logged_update AFTER UPDATE ON \(table) BEGIN
        INSERT INTO changes (kind, record_id, operation)
        SELECT '\(kind)', OLD.\(id), 'delete' WHERE OLD.\(id) <> NEW.\(id);
        INSERT INTO changes (kind, record_id, operation) VALUES ('\(kind)', NEW.\(id), 'update');
      END
      """,
      """
      CREATE TRIGGER \(table)_logged_delete AFTER DELETE ON \(table) BEGIN
        INSERT INTO changes (kind, record_id, operation) VALUES ('\(kind)', OLD.\(id), 'delete');
      END
      """,
    ]
  }
}
