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

/// Says errors of a configuration in the words of the command line.
enum OptionNames {
  private static let ofFields = [
    "maximumDegree": "--degree", "longRangeDegree": "--long-range-degree", "alpha": "--alpha",
    "tailRowCountMax": "--tail-rows", "mergePolicy.fanIn": "--fan-in",
    "mergePolicy.deadShareMax": "--dead-share",
  ]

  /// - Throws: what `validate` throws, as a wrong use of options.
  static func check(_ validate: () throws -> Void) throws {
    do {
      try validate()
    } catch {
      var text = "\(error)"
      for (field, option) in ofFields { text = text.replacing(field, with: option) }
      throw ArgumentParser.ValidationError(text)
    }
  }
}
