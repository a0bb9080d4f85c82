internal import Episodes

/// A text that a person has a host put before a model.
struct Prompt: Sendable {
  struct Argument: Sendable {
    var name: String
    var title: String
    var summary: String
    var isRequired: Bool

    /// What would be right, after the word "expected".
    var expectation: String {
      let text = summary.prefix(1).lowercased() + summary.dropFirst()
      return text.hasSuffix(".") ? String(text.dropLast()) : text
    }
  }

  let name: String
  let title: String
  let summary: String
  let arguments: [Argument]
  /// Makes the text.
  let body: @Sendable ([String: String], ToolCall) async throws -> String

  static let all: [Prompt] = [recallBeforeTask, reflectAfterTask]

  func description(for version: ProtocolVersion) -> JSONValue {
    let hasTitles = version.hasStructuredContent
    var fields: [String: JSONValue] = [
      "name": .string(name), "description": .string(summary),
      "arguments": .array(
        arguments.map { argument in
          var fields: [String: JSONValue] = [
            "name": .string(argument.name), "description": .string(argument.summary),
            "required": .bool(argument.isRequired),
          ]
          if hasTitles { fields["title"] = .string(argument.title) }
          return .object(fields)
        }),
    ]
    if hasTitles { fields["title"] = .string(title) }
    return .object(fields)
  }
}
