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
    try OptionText.read { () throws(Episodes.ValidationError) in
      try .near(text, field: "--near")
    }
  }

  /// Reads `south,west,north,east` in degrees.
  static func box(_ text: String) throws -> PlaceFilter {
    try OptionText.read { () throws(Episodes.ValidationError) in
      try .box(text, field: "--within")
    }
  }

  private static func trimmed(_ text: Substring) -> String {
    String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}
