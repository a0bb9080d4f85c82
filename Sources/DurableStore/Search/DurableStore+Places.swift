public import Episodes

extension DurableStore {
  /// Episodes with a location in a box, latest start first.
  ///
  /// - Parameters:
  ///   - box: the place.
  ///   - times: only episodes that were under way at some moment of it; an episode without an end
  ///     counts as its start.
  ///   - filter: conditions that every result meets.
  ///   - limit: the most to return.
  public func episodes(
    within box: GeographicBox, during times: ClosedRange<Timestamp>? = nil,
    filter: EpisodeFilter = EpisodeFilter(), limit: Int
  ) async throws(DurableStoreError) -> [Episode] {
    var condition = Self.condition(box: box, times: times, filter: filter)
    let limitParameter = condition.parameter(.integer(Int64(max(0, limit))))
    let selected =
      "FROM episodes AS e WHERE \(condition.sql) "
      + "ORDER BY e.start_time DESC, e.rowid DESC LIMIT \(limitParameter)"
    return try await episodes(
      rows: SQLStatement("SELECT \(EpisodeRow.selection) \(selected)", condition.arguments),
      rowIDs: "SELECT e.rowid \(selected)", condition.arguments
    ).map(\.episode)
  }

  /// Episodes near a place, nearest first.
  ///
  /// - Parameters:
  ///   - center: the place.
  ///   - radiusMeters: how far away they may be, along the surface.
  ///   - times: as in ``episodes(within:during:filter:limit:)``.
  ///   - filter: conditions that every result meets.
  ///   - limit: the most to return.
  public func episodes(
    near center: Location, radiusMeters: Double, during times: ClosedRange<Timestamp>? = nil,
    filter: EpisodeFilter = EpisodeFilter(), limit: Int
  ) async throws(DurableStoreError) -> [NearbyEpisode] {
    let condition = Self.condition(
      box: GeographicBox(around: center, radiusMeters: radiusMeters), times: times, filter: filter)
    let result = try await read(
      "SELECT e.rowid, e.latitude, e.longitude FROM episodes AS e WHERE \(condition.sql)",
      condition.arguments)
    var found: [(rowID: Int64, distance: Double)] = []
    for values in result.rows {
      var row = RowReader(table: "episodes", columns: result.columns, values: values)
      let rowID = try row.integer()
      let place = Location(latitude: try row.real(), longitude: try row.real())
      let distance = GeographicBox.distanceMeters(from: center, to: place)
      if distance <= radiusMeters { found.append((rowID, distance)) }
    }
    found.sort { ($0.distance, $0.rowID) < ($1.distance, $1.rowID) }
    let nearest = found.prefix(max(0, limit))
    let list: [SQLValue] = [.text(JSONColumns.integers(nearest.map(\.rowID)))]
    let distances = Dictionary(uniqueKeysWithValues: nearest.map { ($0.rowID, $0.distance) })
    return try await episodes(
      rows: SQLStatement(
        """
        SELECT \(EpisodeRow.selection)
        FROM json_each(?1) AS wanted CROSS JOIN episodes AS e ON e.rowid = wanted.value
        ORDER BY wanted.key
        """, list),
      rowIDs: "SELECT value FROM json_each(?1)", list
    ).map { NearbyEpisode(episode: $0.episode, distanceMeters: distances[$0.rowID] ?? 0) }
  }

  /// The R*Tree narrows down, in 32-bit floats rounded outwards; the columns decide.
  private static func condition(
    box: GeographicBox, times: ClosedRange<Timestamp>?, filter: EpisodeFilter
  ) -> SQLCondition {
    var condition = filter.sqlCondition
    let ranges = box.longitudeRanges
    let first = ranges[0]
    // The second half of a box across the 180th meridian; else a range that holds nothing.
    let second = ranges.count > 1 ? ranges[1] : (west: 1000, east: 1000)
    let earliest = times?.lowerBound.nanosecondsSince1970 ?? Int64.min
    let latest = times?.upperBound.nanosecondsSince1970 ?? Int64.max
    condition.add(
      """
      e.rowid IN (
        SELECT episode FROM episode_space
        WHERE max_latitude >= ? AND min_latitude <= ?
          AND max_longitude >= ? AND min_longitude <= ?
          AND max_seconds >= ? AND min_seconds <= ?
        UNION ALL
        SELECT episode FROM episode_space
        WHERE max_latitude >= ? AND min_latitude <= ?
          AND max_longitude >= ? AND min_longitude <= ?
          AND max_seconds >= ? AND min_seconds <= ?
      )
      """,
      .real(box.south), .real(box.north), .real(first.west), .real(first.east),
      .real(Double(earliest) / 1e9), .real(Double(latest) / 1e9),
      .real(box.south), .real(box.north), .real(second.west), .real(second.east),
      .real(Double(earliest) / 1e9), .real(Double(latest) / 1e9))
    condition.add(
      "e.latitude BETWEEN ? AND ? AND (e.longitude BETWEEN ? AND ? OR e.longitude BETWEEN ? AND ?)",
      .real(box.south), .real(box.north), .real(first.west), .real(first.east),
      .real(second.west), .real(second.east))
    if times != nil {
      condition.add(
        "e.start_time <= ? AND max(e.start_time, coalesce(e.end_time, e.start_time)) >= ?",
        .integer(latest), .integer(earliest))
    }
    return condition
  }
}
