internal import Episodes

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

  /// Adds a fragment as it is; it holds no value that came from outside.
  mutating func add(raw fragment: String) { fragments.append(fragment) }

  /// Adds a comparison of the metadata value under `key`, called `m.value`.
  mutating func addComparison(_ comparison: StaticString, _ key: String, _ value: SQLValue) {
    add("EXISTS (SELECT 1 FROM json_each(e.metadata) AS m WHERE m.key = ? AND ", .text(key))
    let start = fragments.removeLast()
    add(comparison, value)
    fragments.append(start + fragments.removeLast() + ")")
  }

  /// Adds conditions on metadata as one.
  mutating func addGroup(
    of parts: [MetadataPredicate], joined joiner: String, empty: String, negated: Bool = false
  ) {
    let outer = fragments
    fragments = []
    for part in parts { add(part) }
    let joined = fragments.isEmpty ? empty : fragments.joined(separator: joiner)
    fragments = outer + [(negated ? "NOT " : "") + "(" + joined + ")"]
  }

  /// The `?` that stands for a new parameter.
  mutating func parameter(_ value: SQLValue) -> String {
    arguments.append(value)
    return "?\(arguments.count)"
  }
}
