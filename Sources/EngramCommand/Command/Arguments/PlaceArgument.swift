internal import ArgumentParser
internal import Episodes

/// Places as people type them.
enum PlaceArgument {
  /// Reads the one of the two that is given.
  static func place(near: String?, within: String?) throws -> PlaceFilter? {
    switch (near, within) {
    case (nil, nil): nil
    case (let near?, nil): try self.near(near)
    case (nil, let within?): try box(within)
    case (.some, .some):
      throw ArgumentParser.ValidationError("--near and --within exclude each other")
    }
  }

  /// Reads `latitude,longitude`.
  static func location(_ text: String) throws -> Location {
    let numbers = text.split(separator: ",", omittingEmptySubsequences: false)
      .map { Double(trimmed($0)) }
    guard numbers.count == 2, let latitude = numbers[0], let longitude = numbers[1] else {
      throw ArgumentParser.ValidationError(
        "--location '\(text)' is not a place; expected latitude,longitude such as 48.85,2.35")
    }
    return Location(latitude: latitude, longitude: longitude)
  }

  /// Reads `latitude,longitude,radius`; the radius in metres, or with `m` or `km`.
  static func near(_ text: String) throws -> PlaceFilter {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false).map(trimmed)
    guard parts.count == 3, let latitude = Double(parts[0]), let longitude = Double(parts[1]),
      let radius = meters(parts[2])
    else {
      throw ArgumentParser.ValidationError(
        "--near '\(text)' is not a place; expected latitude,longitude,radius such as "
          + "48.85,2.35,10km")
    }
    return .near(
      center: Location(latitude: latitude, longitude: longitude), radiusMeters: radius)
  }

  /// Reads `south,west,north,east` in degrees.
  static func box(_ text: String) throws -> PlaceFilter {
    let numbers = text.split(separator: ",", omittingEmptySubsequences: false)
      .map { Double(trimmed($0)) }
    guard numbers.count == 4, let south = numbers[0], let west = numbers[1],
      let north = numbers[2], let east = numbers[3]
    else {
      throw ArgumentParser.ValidationError(
        "--within '\(text)' is not a box; expected south,west,north,east in degrees")
    }
    return .box(GeographicBox(south: south, west: west, north: north, east: east))
  }

  private static func trimmed(_ text: Substring) -> String {
    String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }

  private static func meters(_ text: String) -> Double? {
    if text.hasSuffix("km") { return Double(text.dropLast(2)).map { $0 * 1000 } }
    if text.hasSuffix("m") { return Double(text.dropLast()) }
    return Double(text)
  }
}
