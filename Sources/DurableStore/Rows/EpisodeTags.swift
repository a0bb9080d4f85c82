/// The tags by which an episode is found: those of its own and of its context, each once.
enum EpisodeTags {
  /// Writes the tags of the episodes with the ids in the JSON list `?1` that have a revision from
  /// `?2` to `?3`.
  static let write =
    """
    INSERT INTO tags (name, start_time, episode)
    SELECT t.value, e.start_time, e.rowid
    FROM json_each(?1) AS wanted
      CROSS JOIN episodes AS e ON e.id = wanted.value AND e.revision BETWEEN ?2 AND ?3
      CROSS JOIN json_each(e.tags) AS t
    UNION
    SELECT t.value, e.start_time, e.rowid
    FROM json_each(?1) AS wanted
      CROSS JOIN episodes AS e ON e.id = wanted.value AND e.revision BETWEEN ?2 AND ?3
      CROSS JOIN json_each(e.context_tags) AS t
    """

  /// Deletes those of rewritten episodes first.
  static let delete =
    """
    DELETE FROM tags WHERE episode IN (
      SELECT rowid FROM episodes
      WHERE id IN (SELECT value FROM json_each(?1)) AND revision BETWEEN ?2 AND ?3
    )
    """
}
