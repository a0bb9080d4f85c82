/// The text by which an episode is found.
enum EpisodeText {
  /// Writes the texts of the episodes with the ids in the JSON list `?1` that have a revision from
  /// `?2` to `?3`: one statement for a whole batch, in the order of the row ids, because that is what
  /// the text index writes fastest.
  static let write =
    """
    INSERT OR REPLACE INTO episode_text (rowid, description, steps, outcome, reflection)
    SELECT d.episode, d.description, d.steps, d.outcome, d.reflection
    FROM episode_documents AS d
    WHERE d.episode IN (
      SELECT rowid FROM episodes
      WHERE id IN (SELECT value FROM json_each(?1)) AND revision BETWEEN ?2 AND ?3
    )
    ORDER BY d.episode
    """
}
