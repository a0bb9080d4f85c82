internal import ArgumentParser

/// Says which option is out of its range.
enum OptionRange {
  /// - Throws: a `ValidationError` for the first value that is out of range.
  static func check(_ options: (name: String, value: Int, range: ClosedRange<Int>)...) throws {
    for (name, value, range) in options where !range.contains(value) {
      throw ArgumentParser.ValidationError(
        "\(name) is \(value); expected \(range.lowerBound) to \(range.upperBound)")
    }
  }

  static func check(_ name: String, share: Double) throws {
    guard (0...1).contains(share) else {
      throw ArgumentParser.ValidationError("\(name) is \(share); expected 0 to 1")
    }
  }
}
