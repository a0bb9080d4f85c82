internal import EngramServer
internal import Episodes

// Agents read schemas with every request, and get them short; programs that make requests of a document get all of
// it: what null means, which fields go together, and what texts are like.
extension JSONShape {
  /// What is taken in a request, as JSON Schema 2020-12.
  func exactSchema() -> JSONValue {
    switch self {
    case .identifier:
      [
        "type": "string", "format": "identifier", "minLength": 1,
        "maxLength": .integer(Int64(Identifier.charactersMax)),
      ]
    case .words(Int.max): ["type": "string", "format": "words", "minLength": 1]
    case .words(let max):
      [
        "type": "string", "format": "words", "minLength": 1, "maxLength": .integer(Int64(max)),
      ]
    case .whole:
      ["type": "integer", "minimum": .integer(Int64.min), "maximum": .integer(Int64.max)]
    case .timestamp: Self.text(format: "iso8601", expectation)
    case .moment: Self.text(format: "moment", expectation)
    case .tag: Self.text(format: "tag", expectation)
    case .list(let shape): ["type": "array", "items": shape.exactSchema()]
    case .items(let shape, let range):
      [
        "type": "array", "items": shape.exactSchema(),
        "minItems": .integer(Int64(range.lowerBound)),
        "maxItems": .integer(Int64(range.upperBound)),
      ]
    case .object(let fields): fields.exactSchema()
    case .variants(_, let kinds):
      [
        "oneOf": .array(
          kinds.sorted { $0.key < $1.key }.map { kind, fields in
            JSONShape.Fields(
              fields.name,
              fields.all.map { $0.name == "kind" ? .required("kind", .choice([kind])) : $0 }
            ).exactSchema()
          })
      ]
    default: schema(isStrict: true)
    }
  }

  private static func text(format: String, _ expectation: String) -> JSONValue {
    ["type": "string", "format": .string(format), "description": .string(expectation)]
  }
}

extension JSONShape.Fields {
  func exactSchema() -> JSONValue {
    var schema: [String: JSONValue] = ["type": "object", "additionalProperties": false]
    schema["properties"] = .object(
      Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0.exactSchema()) }))
    let required = all.filter(\.isRequired).map { JSONValue.string($0.name) }
    if !required.isEmpty { schema["required"] = .array(required) }
    return .object(schema)
  }
}

extension JSONShape.Field {
  /// What may be left out may also be null.
  func exactSchema() -> JSONValue {
    guard case .object(var fields) = shape.exactSchema() else { return shape.exactSchema() }
    if let note {
      let more: String? = if case .string(let text) = fields["description"] { text } else { nil }
      let start = note.hasSuffix(".") ? String(note.dropLast()) : note
      fields["description"] = .string(more.map { start + ": " + $0 } ?? note)
    }
    if isRequired { return .object(fields) }
    if case .array(let values) = fields["enum"] { fields["enum"] = .array(values + [.null]) }
    if case .array(let kinds) = fields["oneOf"] {
      fields["oneOf"] = .array(kinds + [["type": "null"]])
    }
    if let type = fields["type"] { fields["type"] = [type, "null"] }
    return .object(fields)
  }
}
