/// Conditions joined by AND, from fixed fragments; values become numbered parameters.
struct SQLCondition {
  private var fragments: [String] = []
  private(set) var arguments: [SQLValue] = []

  /// The conditions as an SQL expression.
  var sql: String { fragments.isEmpty ? "true" : fragments.joined(separator: " AND ") }

  /// Adds a fragment in which each `?` stands for the next of `values`.
  mutating func add(_ fragment: StaticString, _ values: SQLValue...) {
    var text = ""
    var values = values[...]
    for character in fragment.description {
      if character == "?", let value = values.popFirst() {
        text += parameter(value)
      } else {
        text.append(character)
      }
    }
    fragments.append(text)
  }

  /// The `?` that stands for a new parameter.
  mutating func parameter(_ value: SQLValue) -> String {
    arguments.append(value)
    return "?\(arguments.count)"
  }
}
