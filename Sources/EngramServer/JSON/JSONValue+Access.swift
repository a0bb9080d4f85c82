internal import Episodes

extension JSONValue {
  /// The fields of an object; nil for anything else.
  var fields: [String: JSONValue]? {
    if case .object(let fields) = self { fields } else { nil }
  }

  /// The text of a string; nil for anything else.
  var text: String? {
    if case .string(let text) = self { text } else { nil }
  }

  /// The values of a list; nil for anything else.
  var values: [JSONValue]? {
    if case .array(let values) = self { values } else { nil }
  }

  var isNull: Bool { if case .null = self { true } else { false } }
}
