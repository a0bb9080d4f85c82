internal import ArgumentParser

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
