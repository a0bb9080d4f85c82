internal import ArgumentParser
internal import Engram
internal import Episodes

/// Facts as typed: `key=value`.
enum KeyValue {
  static func parse(_ arguments: [String]) throws -> [String: String] {
    var pairs: [String: String] = [:]
    for argument in arguments {
      guard let split = argument.firstIndex(of: "="), split > argument.startIndex else {
        throw ArgumentParser.ValidationError("'\(argument)' is not a fact; expected key=value")
      }
      pairs[String(argument[..<split])] = String(argument[argument.index(after: split)...])
    }
    return pairs
  }
}
