import Episodes

extension SQLCondition {
  /// Bands of latitude that are looked up one by one, 1.5 µs each; of more the whole index is read.
  private static let bandsMax: Int64 = 1024

  /// Adds a condition on the place of `episodes AS e`, which the index `episodes_by_place` decides alone: it holds
  /// all columns that are compared.
  ///
  /// - Parameter times: only episodes that were under way at some moment of it.
  mutating func add(_ place: PlaceFilter, during times: ClosedRange<Timestamp>? = nil) {
    let box = place.box
    // Values travel as parameters; only how many ranges and bands there are shows in the text.
    let bands = source(ofBandsFrom: box.south, to: box.north)
    var rest =
      "p.latitude BETWEEN \(parameter(.real(box.south))) AND \(parameter(.real(box.north))) "
      + "AND p.latitude IS NOT NULL AND p.longitude IS NOT NULL"
    if let times {
      let earliest = parameter(.integer(times.lowerBound.nanosecondsSince1970))
      let latest = parameter(.integer(times.upperBound.nanosecondsSince1970))
      rest +=
        " AND p.start_time <= \(latest)"
        + " AND max(p.start_time, coalesce(p.end_time, p.start_time)) >= \(earliest)"
    }
    var selections: [String] = []
    for range in box.longitudeRanges {
      let (west, east) = (parameter(.real(range.west)), parameter(.real(range.east)))
      selections.append(
        "SELECT p.rowid FROM \(bands) AND p.longitude BETWEEN \(west) AND \(east) WHERE \(rest)")
    }
    add(raw: "e.rowid IN (\(selections.joined(separator: " UNION ALL ")))")
    if case .near(let center, _) = place, let most = place.halfChordSquareMax {
      addDistance(from: center, halfChordSquareMax: most)
    }
  }

  /// The rows of the index in the bands between two latitudes, to be joined by a condition on the longitude.
  private mutating func source(ofBandsFrom south: Double, to north: Double) -> String {
    let first = Self.band(of: south)
    let last = max(first, Self.band(of: north))
    let rows = "CROSS JOIN episodes AS p INDEXED BY episodes_by_place"
    // As the index spells it.
    let band = "CAST((p.latitude + 90) * 16 AS INTEGER)"
    if last - first < Self.bandsMax {
      let list = parameter(.text(JSONColumns.integers(first...last)))
      return "json_each(\(list)) AS b \(rows) ON \(band) = b.value"
    }
    let bounds = "\(parameter(.integer(first))) AND \(parameter(.integer(last)))"
    return "(SELECT 1) \(rows) ON \(band) BETWEEN \(bounds)"
  }

  /// The band that the index has for a latitude, by the same arithmetic.
  private static func band(of latitude: Double) -> Int64 {
    Int64((min(max(-90, latitude), 90) + 90) * 16)
  }

  private mutating func addDistance(from center: Location, halfChordSquareMax most: Double) {
    let latitude = SQLValue.real(center.latitude)
    let longitude = SQLValue.real(center.longitude)
    // The constant is π/360; SQLite's sin and cos are those of the C library, as Swift's are.
    add(
      """
      sin((e.latitude - ?) * 0.008726646259971648) * sin((e.latitude - ?) * 0.008726646259971648)
      + cos(? * 0.017453292519943295) * cos(e.latitude * 0.017453292519943295)
      * sin((e.longitude - ?) * 0.008726646259971648)
      * sin((e.longitude - ?) * 0.008726646259971648) <= ?
      """, latitude, latitude, latitude, longitude, longitude, .real(most))
  }
}
