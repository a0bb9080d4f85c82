internal import Episodes

/// What is known of a request beside its parameters.
struct RequestContext: Sendable {
  let id: JSONValue
  let version: ProtocolVersion
  let progress: ProgressReporter
  let notify: @Sendable (JSONValue) async -> Void

  /// A parameter that must be a text.
  func text(_ name: String, _ params: [String: JSONValue]) throws(RPCError) -> String {
    switch params[name] {
    case .string(let text): return text
    case nil, .null: throw .invalidParams(name, "is missing", expected: "a string")
    case .some(let other):
      throw .invalidParams(name, "is \(other.kindDescription)", expected: "a string")
    }
  }

  /// A parameter that is an object, or not there.
  func object(
    _ name: String, _ params: [String: JSONValue]
  ) throws(RPCError) -> [String: JSONValue] {
    switch params[name] {
    case .object(let fields): return fields
    case nil, .null: return [:]
    case .some(let other):
      throw .invalidParams(name, "is \(other.kindDescription)", expected: "an object")
    }
  }

  /// The cursor of a request for a page; nil for the first.
  func cursor(_ params: [String: JSONValue]) throws(RPCError) -> String? {
    switch params["cursor"] {
    case .string(let text): return text
    case nil, .null: return nil
    case .some(let other):
      throw .invalidParams("cursor", "is \(other.kindDescription)", expected: "a string")
    }
  }

  func badCursor(_ cursor: String) -> RPCError {
    .invalidParams(
      "cursor", "'\(PrintableText.line(String(cursor.prefix(80))))' is not one",
      expected: "the nextCursor of the page before")
  }
}
