package import Episodes

// What is checked and what is told to clients come from one description, so that they cannot differ.
extension JSONShape {
  /// The shape as JSON Schema 2020-12.
  ///
  /// - Parameter isStrict: whether objects have no fields but those that are named: for what comes in. What goes
  ///   out may have more in a later version.
  package func schema(isStrict: Bool) -> JSONValue {
    switch self {
    case .any: [:]
    case .text, .identifier, .words: ["type": "string"]
    case .pattern(let expression, _): ["type": "string", "pattern": .string(expression)]
    case .sized(let range):
      [
        "type": "string", "minLength": .integer(Int64(range.lowerBound)),
        "maxLength": .integer(Int64(range.upperBound)),
      ]
    case .flag: ["type": "boolean"]
    case .yes: ["type": "boolean", "enum": [true]]
    case .whole: ["type": "integer"]
    case .count(let range):
      [
        "type": "integer", "minimum": .integer(Int64(range.lowerBound)),
        "maximum": .integer(Int64(range.upperBound)),
      ]
    case .number: ["type": "number"]
    case .bounded(let range, _):
      [
        "type": "number", "minimum": .number(range.lowerBound),
        "maximum": .number(range.upperBound),
      ]
    case .share: ["type": "number", "minimum": 0, "maximum": 1]
    case .timestamp, .moment: ["type": "string", "description": .string(expectation)]
    case .tag:
      ["type": "string", "minLength": 2, "maxLength": 100, "description": .string(expectation)]
    case .choice(let names): ["type": "string", "enum": .array(names.map(JSONValue.string))]
    case .list(let shape): ["type": "array", "items": shape.schema(isStrict: isStrict)]
    case .items(let shape, let range):
      [
        "type": "array", "items": shape.schema(isStrict: isStrict),
        "minItems": .integer(Int64(range.lowerBound)),
        "maxItems": .integer(Int64(range.upperBound)),
      ]
    case .textMap: ["type": "object", "additionalProperties": ["type": "string"]]
    case .object(let fields): fields.schema(isStrict: isStrict)
    case .variants(_, let kinds): Self.schema(of: kinds, isStrict: isStrict)
    }
  }

  /// All fields of all kinds in one object: hosts differ in what they make of `oneOf`.
  private static func schema(of kinds: [String: Fields], isStrict: Bool) -> JSONValue {
    var properties: [String: JSONValue] = [:]
    var uses: [String] = []
    for (kind, fields) in kinds.sorted(by: { $0.key < $1.key }) {
      let own = fields.all.filter { $0.name != "kind" }
      uses.append(
        own.isEmpty
          ? "\(kind): no other fields" : "\(kind): " + own.map(\.name).joined(separator: ", "))
      for field in own { properties[field.name] = field.schema(isStrict: isStrict) }
    }
    properties["kind"] = [
      "type": "string", "enum": .array(kinds.keys.sorted().map(JSONValue.string)),
      "description": .string("Says which other fields there are. " + uses.joined(separator: "; ")),
    ]
    var schema: [String: JSONValue] = [
      "type": "object", "properties": .object(properties), "required": ["kind"],
    ]
    if isStrict { schema["additionalProperties"] = false }
    return .object(schema)
  }
}

extension JSONShape.Fields {
  package func schema(isStrict: Bool) -> JSONValue {
    var schema: [String: JSONValue] = ["type": "object"]
    schema["properties"] = .object(
      Dictionary(
        uniqueKeysWithValues: all.map { ($0.name, $0.schema(isStrict: isStrict)) }))
    let required = all.filter(\.isRequired).map { JSONValue.string($0.name) }
    if !required.isEmpty { schema["required"] = .array(required) }
    if isStrict { schema["additionalProperties"] = false }
    return .object(schema)
  }
}

extension JSONShape.Field {
  package func schema(isStrict: Bool) -> JSONValue {
    guard let note, var fields = shape.schema(isStrict: isStrict).fields else {
      return shape.schema(isStrict: isStrict)
    }
    if let what = fields["description"]?.text {
      fields["description"] = .string(
        (note.hasSuffix(".") ? String(note.dropLast()) : note) + ": " + what)
    } else {
      fields["description"] = .string(note)
    }
    return .object(fields)
  }
}
