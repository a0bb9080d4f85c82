/// The text by which an episode is found.
enum EpisodeText {
  /// Writes the texts of the episodes whose ids are the keys of `?1`, if they have the revisions that
  /// are its values, in the order of the row ids, because that is what the text index writes fastest.
  static let write =
    """
    INSERT OR REPLACE INTO episode_text (rowid, description, steps, outcome, reflection)
    SELECT d.episode, d.description, d.steps, d.outcome, d.reflection
    FROM episode_documents AS d
    WHERE d.episode IN (
      SELECT e.rowid
      FROM json_each(?1) AS wanted
        CROSS JOIN episodes AS e ON e.id = wanted.key AND e.revision = wanted.value
    )
    ORDER BY d.episode
    """
}
