/// What was typed, as the parser understands it.
enum TypedArguments {
  /// Joins an option and a value that begins like a negative number, `--limit -3`, to `--limit=-3`: the parser
  /// takes the value for another option, and says that the first has none.
  static func joined(_ arguments: [String]) -> [String] {
    var result: [String] = []
    var isAfterTerminator = false
    for argument in arguments {
      if argument == "--" { isAfterTerminator = true }
      if !isAfterTerminator, let option = result.last, option.hasPrefix("--"), option.count > 2,
        !option.contains("="), isNegativeNumber(argument)
      {
        result[result.count - 1] = option + "=" + argument
      } else {
        result.append(argument)
      }
    }
    return result
  }

  /// Also of several, as of a place.
  private static func isNegativeNumber(_ text: String) -> Bool {
    guard text.first == "-", let next = text.dropFirst().first else { return false }
    return next.isASCII && next.isNumber || next == "."
  }
}
