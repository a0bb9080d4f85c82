internal import Episodes

// What a tool returns is read by models as it comes: its schema tells programs the types, and costs few tokens.
extension JSONShape.Fields {
  /// The fields with their types, without words, and without what is in them.
  func leanSchema() -> JSONValue {
    var schema: [String: JSONValue] = [
      "type": "object",
      "properties": .object(
        Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0.shape.leanSchema) })),
    ]
    let required = all.filter(\.isRequired).map { JSONValue.string($0.name) }
    if !required.isEmpty { schema["required"] = .array(required) }
    return .object(schema)
  }
}

extension JSONShape {
  fileprivate var leanSchema: JSONValue {
    switch self {
    case .list(let shape), .items(let shape, _): ["type": "array", "items": shape.leanSchema]
    case .object, .variants, .textMap: ["type": "object"]
    case .timestamp, .moment, .tag, .sized, .pattern: ["type": "string"]
    case .bounded: ["type": "number"]
    default: schema(isStrict: false)
    }
  }
}
