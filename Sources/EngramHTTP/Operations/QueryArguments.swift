internal import EngramServer
internal import Episodes

/// Reads the values of a query as what their fields are. What does not fit stays a text, which the check of the
/// shape refuses by name.
struct QueryArguments {
  private let fields: [String: JSONShape]

  init(_ fields: [JSONShape.Field]) {
    self.fields = Dictionary(uniqueKeysWithValues: fields.map { ($0.name, $0.shape) })
  }

  /// - Throws: ``Problem`` for a name that comes twice and may not.
  func arguments(
    _ query: [(name: String, value: String)]
  ) throws(Problem) -> [String: JSONValue] {
    var arguments: [String: JSONValue] = [:]
    for (name, value) in query {
      if let (map, key) = Self.mapKey(name), case .textMap = fields[map] {
        var entries = arguments[map].flatMap(Self.fields) ?? [:]
        guard entries.updateValue(.string(value), forKey: key) == nil else {
          throw Self.twice(name)
        }
        arguments[map] = .object(entries)
      } else if let shape = fields[name]?.element {
        var values: [JSONValue] = if case .array(let found) = arguments[name] { found } else { [] }
        values.append(Self.value(value, of: shape))
        arguments[name] = .array(values)
      } else {
        let read = Self.value(value, of: fields[name] ?? .text)
        guard arguments.updateValue(read, forKey: name) == nil else { throw Self.twice(name) }
      }
    }
    return arguments
  }

  private static func twice(_ name: String) -> Problem {
    .badRequest("\(PrintableText.line(String(name.prefix(60)))): is there twice; expected it once")
  }

  private static func fields(_ value: JSONValue) -> [String: JSONValue]? {
    if case .object(let fields) = value { fields } else { nil }
  }

  /// `metadata[ticket]`: the map, and the key in it.
  private static func mapKey(_ name: String) -> (map: String, key: String)? {
    guard name.hasSuffix("]"), let start = name.firstIndex(of: "[") else { return nil }
    return (String(name[..<start]), String(name[name.index(after: start)...].dropLast()))
  }

  private static func value(_ text: String, of shape: JSONShape) -> JSONValue {
    switch shape {
    case .whole, .count: Int64(text).map(JSONValue.integer) ?? .string(text)
    case .number, .share, .bounded:
      Double(text).flatMap { $0.isFinite ? JSONValue.number($0) : nil } ?? .string(text)
    case .flag, .yes:
      switch text {
      case "true": .bool(true)
      case "false": .bool(false)
      default: .string(text)
      }
    default: .string(text)
    }
  }
}

extension JSONShape {
  /// What a list is of; nil for anything else.
  fileprivate var element: JSONShape? {
    switch self {
    case .list(let shape), .items(let shape, _): shape
    default: nil
    }
  }
}
