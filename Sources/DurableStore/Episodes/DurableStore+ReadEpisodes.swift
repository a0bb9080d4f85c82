public import Episodes

extension DurableStore {
  /// Episodes that meet a filter, latest start first.
  ///
  /// - Parameters:
  ///   - filter: the conditions.
  ///   - limit: the most to return.
  ///   - cursor: the `next` of the page before.
  public func episodes(
    matching filter: EpisodeFilter, limit: Int, after cursor: EpisodeCursor? = nil
  ) async throws(DurableStoreError) -> EpisodePage {
    guard limit > 0 else { return EpisodePage(episodes: [], next: cursor) }
    var listing = try filter.listing()
    let found = try await episodes(selecting: listing.rowIDs(after: cursor, limit: limit))
    var page = EpisodePage(episodes: found.map(\.episode))
    if found.count == limit, let last = found.last {
      page.next = EpisodeCursor(
        startNanoseconds: last.episode.startTime.nanosecondsSince1970, rowID: last.rowID)
    }
    return page
  }

  /// The id of the episode that was inserted last; nil if there is none.
  public func lastInsertedEpisodeID() async throws(DurableStoreError) -> String? {
    let result = try await read("SELECT id FROM episodes ORDER BY rowid DESC LIMIT 1")
    guard case .text(let id)? = result.rows.first?.first else { return nil }
    return id
  }

  /// How many episodes meet a filter.
  public func count(matching filter: EpisodeFilter) async throws(DurableStoreError) -> Int {
    let condition = try filter.condition()
    let result = try await read(
      "SELECT count(*) FROM episodes AS e WHERE \(condition.sql)", condition.arguments)
    return Int(result.firstInteger ?? 0)
  }

  /// Reads whole episodes on one snapshot, in the order in which their rows are selected.
  ///
  /// The selection runs once, and sorts row ids in place of whole rows.
  ///
  /// - Parameters:
  ///   - rowIDs: selects the row ids.
  ///   - snapshot: where to read; nil for the present.
  func episodes(
    selecting rowIDs: SQLStatement, from snapshot: (any SQLSnapshot)? = nil
  ) async throws(DurableStoreError) -> [(rowID: Int64, episode: Episode)] {
    do {
      if let snapshot { return try await Self.episodes(selecting: rowIDs, in: snapshot) }
      return try await backend.withSnapshot {
        try await Self.episodes(selecting: rowIDs, in: $0)
      }
    } catch let error as DurableStoreError {
      throw error
    } catch let error as SQLError {
      throw .database(error)
    } catch {
      throw .database(SQLError(kind: .other, message: "\(error)"))
    }
  }

  private static func episodes(
    selecting rowIDs: SQLStatement, in snapshot: any SQLSnapshot
  ) async throws -> [(rowID: Int64, episode: Episode)] {
    let selected = try await snapshot.read([rowIDs])[0]
    var ids: [Int64] = []
    for values in selected.rows {
      var row = RowReader(table: "episodes", columns: selected.columns, values: values)
      ids.append(try row.integer())
    }
    if ids.isEmpty { return [] }
    let list: [SQLValue] = [.text(JSONColumns.integers(ids))]
    return try assembled(
      try await snapshot.read(
        parts(
          rows: SQLStatement(
            """
            SELECT \(EpisodeRow.selection)
            FROM json_each(?1) AS wanted CROSS JOIN episodes AS e ON e.rowid = wanted.value
            ORDER BY wanted.key
            """, list),
          rowIDs: "SELECT value FROM json_each(?1)", list)))
  }

  /// Reads whole episodes in one batch.
  ///
  /// - Parameters:
  ///   - rows: selects ``EpisodeRow/selection``.
  ///   - rowIDs: selects the row ids of the same episodes.
  ///   - arguments: of `rowIDs`.
  ///   - cost: of the whole read.
  func episodes(
    rows: SQLStatement, rowIDs: String, _ arguments: [SQLValue], cost: SQLReadCost = .scan
  ) async throws(DurableStoreError) -> [(rowID: Int64, episode: Episode)] {
    try Self.assembled(
      try await read(Self.parts(rows: rows, rowIDs: rowIDs, arguments), cost: cost))
  }

  /// The queries for rows, steps and checkpoints.
  private static func parts(
    rows: SQLStatement, rowIDs: String, _ arguments: [SQLValue]
  ) -> [SQLStatement] {
    [
      rows,
      SQLStatement(
        """
        SELECT \(StepRow.selection) FROM steps AS s WHERE s.episode IN (\(rowIDs))
        ORDER BY s.episode, s.number
        """, arguments),
      SQLStatement(
        """
        SELECT \(CheckpointRow.selection)
        FROM checkpoints AS c JOIN episodes AS e ON e.rowid = c.episode
        WHERE c.episode IN (\(rowIDs)) ORDER BY c.episode, c.position
        """, arguments),
    ]
  }

  /// Puts the results of ``parts(rows:rowIDs:_:)`` together.
  static func assembled(
    _ results: [SQLResult]
  ) throws(DurableStoreError) -> [(rowID: Int64, episode: Episode)] {
    if results[0].rows.isEmpty { return [] }
    var steps: [Int64: [ExecutionStep]] = [:]
    for values in results[1].rows {
      let (rowID, step) = try StepRow.decode(values, columns: results[1].columns)
      steps[rowID, default: []].append(step)
    }
    var checkpoints: [Int64: [Checkpoint]] = [:]
    for values in results[2].rows {
      let (rowID, checkpoint) = try CheckpointRow.decode(values, columns: results[2].columns)
      checkpoints[rowID, default: []].append(checkpoint)
    }
    var episodes: [(rowID: Int64, episode: Episode)] = []
    episodes.reserveCapacity(results[0].rows.count)
    for values in results[0].rows {
      var (rowID, episode) = try EpisodeRow.decode(values, columns: results[0].columns)
      episode.steps = steps[rowID] ?? []
      episode.checkpoints = checkpoints[rowID] ?? []
      episodes.append((rowID, episode))
    }
    return episodes
  }
}
