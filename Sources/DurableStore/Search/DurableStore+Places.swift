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
  /// - Throws: ``DurableStoreError/invalid(_:)`` when the box is none.
  public func episodes(
    within box: GeographicBox, during times: ClosedRange<Timestamp>? = nil,
    filter: EpisodeFilter = EpisodeFilter(), limit: Int
  ) async throws(DurableStoreError) -> [Episode] {
    var condition = try filter.condition()
    try Self.check(.box(box))
    condition.add(.box(box), during: times)
    let limitParameter = condition.parameter(.integer(Int64(max(0, limit))))
    let selected =
      "FROM episodes AS e WHERE \(condition.sql) "
      + "ORDER BY e.start_time DESC, e.rowid DESC LIMIT \(limitParameter)"
    return try await episodes(
      selecting: SQLStatement("SELECT e.rowid \(selected)", condition.arguments)
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
  /// - Throws: ``DurableStoreError/invalid(_:)`` when the place is none.
  public func episodes(
    near center: Location, radiusMeters: Double, during times: ClosedRange<Timestamp>? = nil,
    filter: EpisodeFilter = EpisodeFilter(), limit: Int
  ) async throws(DurableStoreError) -> [NearbyEpisode] {
    var condition = try filter.condition()
    try Self.check(.near(center: center, radiusMeters: radiusMeters))
    condition.add(
      .box(GeographicBox(around: center, radiusMeters: radiusMeters)), during: times)
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

  private static func check(_ place: PlaceFilter) throws(DurableStoreError) {
    _ = try EpisodeFilter(place: place).condition()
  }
}
