internal import ArgumentParser
internal import Episodes

/// What is wrong with the value of an option is a wrong command line.
enum OptionText {
  /// - Throws: `ArgumentParser.ValidationError` in the place of the library's own.
  static func read<Value>(
    _ body: () throws(Episodes.ValidationError) -> Value
  ) throws -> Value {
    do {
      return try body()
    } catch {
      throw ArgumentParser.ValidationError(
        "\(error.field) \(error.problem); expected \(error.expected)")
    }
  }
}
