internal import Episodes

/// Something an agent can have the memory do.
struct Tool: Sendable {
  /// Verb and noun.
  let name: String
  let title: String
  /// When to use it, in a line.
  let summary: String
  let input: JSONShape.Fields
  let output: JSONShape.Fields
  let hints: ToolHints
  private let body: @Sendable (JSONValue, ToolCall) async throws -> JSONValue

  /// - Parameters:
  ///   - input: the arguments that are taken; `Input` decodes whatever has this shape.
  ///   - filters: more of them.
  ///   - output: the shape of what `Output` encodes to.
  init<Input: Decodable & Sendable, Output: Encodable & Sendable>(
    _ name: String, title: String, summary: String, input: [JSONShape.Field],
    filters: [JSONShape.Field] = [], output: JSONShape.Fields, hints: ToolHints,
    run: @escaping @Sendable (Input, ToolCall) async throws -> Output
  ) {
    self.name = name
    self.title = title
    self.summary = summary
    self.input = JSONShape.Fields("the arguments of \(name)", input + filters)
    self.output = output
    self.hints = hints
    body = { arguments, call in
      let decoded: Input
      do {
        decoded = try Input(from: JSONValueDecoder(arguments))
      } catch let error as DecodingError {
        throw ValidationError(
          field: "arguments", problem: "cannot be read (\(error))",
          expected: "values as the input schema says")
      }
      let output = try await run(decoded, call)
      return try JSONValueEncoder.value(of: output)
    }
  }

  /// Checks the arguments and runs the tool.
  ///
  /// - Returns: the structured result.
  /// - Throws: `ValidationError` naming the field, `EngramError`, `CancellationError`.
  func run(_ arguments: [String: JSONValue], _ call: ToolCall) async throws -> JSONValue {
    let value = JSONValue.object(arguments)
    do throws(JSONShape.Mismatch) {
      try JSONShape.object(input).check(value)
    } catch {
      throw ToolInputError(path: error.path, problem: error.problem, advice: error.advice)
    }
    return try await body(value, call)
  }

  /// As a list of tools shows it.
  func description(for version: ProtocolVersion) -> JSONValue {
    var fields: [String: JSONValue] = [
      "name": .string(name), "description": .string(summary),
      "inputSchema": input.schema(isStrict: true),
    ]
    if version >= .march2025 {
      var annotations = hints.json.fields ?? [:]
      annotations["title"] = .string(title)
      fields["annotations"] = .object(annotations)
    }
    if version.hasStructuredContent {
      fields["title"] = .string(title)
      fields["outputSchema"] = output.schema(isStrict: false)
    }
    return .object(fields)
  }
}

/// Arguments that a tool does not take: the field, what is wrong with it, and what would be right.
struct ToolInputError: Error, CustomStringConvertible {
  var path: String
  var problem: String
  var advice: String

  var description: String {
    (path.isEmpty ? "arguments" : path) + ": \(problem); \(advice)"
  }
}
