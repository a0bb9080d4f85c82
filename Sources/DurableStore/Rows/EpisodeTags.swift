import Episodes

/// The tags by which an episode is found: those of its own and of its context, each once.
enum EpisodeTags {
  /// Writes the tags of the episodes whose ids are the keys of `?1`, if they have the revisions that
  /// are its values.
  static let write =
    """
    INSERT INTO tags (name, start_time, episode)
    SELECT t.value, e.start_time, e.rowid
    FROM json_each(?1) AS wanted
      CROSS JOIN episodes AS e ON e.id = wanted.key AND e.revision = wanted.value
      CROSS JOIN json_each(e.tags) AS t
    UNION
    SELECT t.value, e.start_time, e.rowid
    FROM json_each(?1) AS wanted
      CROSS JOIN episodes AS e ON e.id = wanted.key AND e.revision = wanted.value
      CROSS JOIN json_each(e.context_tags) AS t
    """

  /// Deletes those of rewritten episodes first: of the ids in the list `?1`, at a revision from `?2` to
  /// `?3`.
  static let delete =
    """
    DELETE FROM tags WHERE episode IN (
      SELECT rowid FROM episodes
      WHERE id IN (SELECT value FROM json_each(?1)) AND revision BETWEEN ?2 AND ?3
    )
    """

  /// Of a row of ``insert``.
  static let width = 3

  /// Inserts tags of episodes that the statement before has inserted, see ``NewRows``.
  static let insert = RowGroups.Statements { rowCount in
    let rows = (0..<rowCount).map { row in
      "(?\(row * width + 2), ?\(row * width + 3), \(NewRows.rowID("?\(row * width + 1)")))"
    }
    return "INSERT INTO tags (name, start_time, episode) VALUES "
      + rows.joined(separator: ", ") + " ON CONFLICT DO NOTHING"
  }

  /// Adds the values of the rows of ``insert`` to `arguments`.
  ///
  /// - Returns: how many rows.
  static func append(
    _ episode: Episode, distance: Int, to arguments: inout [SQLValue]
  ) -> Int {
    for tags in [episode.tags, episode.context.tags] {
      for tag in tags {
        arguments.append(.integer(Int64(distance)))
        arguments.append(.text(tag.name))
        arguments.append(.integer(episode.startTime.nanosecondsSince1970))
      }
    }
    return episode.tags.count + episode.context.tags.count
  }
}
