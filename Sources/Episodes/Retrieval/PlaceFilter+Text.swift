// Places as people and programs write them in one text.
extension PlaceFilter {
  /// Reads `latitude,longitude,radius`; the radius in metres, or with `m` or `km`.
  ///
  /// - Throws: ``ValidationError`` that names `field`.
  package static func near(_ text: String, field: String) throws(ValidationError) -> PlaceFilter {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false).map(trimmed)
    guard parts.count == 3, let latitude = Double(parts[0]), let longitude = Double(parts[1]),
      let radius = meters(parts[2])
    else {
      throw ValidationError(
        field: field, problem: "'\(PrintableText.line(String(text.prefix(60))))' is not a place",
        expected: "latitude,longitude,radius such as 48.85,2.35,10km")
    }
    return .near(
      center: Location(latitude: latitude, longitude: longitude), radiusMeters: radius)
  }

  /// Reads `south,west,north,east` in degrees.
  ///
  /// - Throws: ``ValidationError`` that names `field`.
  package static func box(_ text: String, field: String) throws(ValidationError) -> PlaceFilter {
    let numbers = text.split(separator: ",", omittingEmptySubsequences: false)
      .map { Double(trimmed($0)) }
    guard numbers.count == 4, let south = numbers[0], let west = numbers[1],
      let north = numbers[2], let east = numbers[3]
    else {
      throw ValidationError(
        field: field, problem: "'\(PrintableText.line(String(text.prefix(60))))' is not a box",
        expected: "south,west,north,east in degrees")
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
