package import Episodes

/// Something an agent can have the memory do.
package struct Tool: Sendable {
  /// Verb and noun.
  package let name: String
  package let title: String
  /// When to use it, in a line.
  package let summary: String
  package var input: JSONShape.Fields
  package let output: JSONShape.Fields
  package let hints: ToolHints
  private let body: @Sendable (JSONValue, ToolCall) async throws -> JSONValue

  /// - Parameters:
  ///   - input: the arguments that are taken; `Input` decodes whatever has this shape.
  ///   - filters: more of them.
  ///   - output: the shape of what `Output` encodes to.
  init<Input: Decodable & Sendable, Output: Encodable & Sendable>(
    _ name: String, title: String, summary: String, input: [JSONShape.Field],
    filters: [JSONShape.Field] = [], output: JSONShape.Fields, hints: ToolHints,
    needsModel: ModelNeed<Input> = .never,
    run: @escaping @Sendable (Input, ToolCall) async throws -> Output
  ) {
    self.name = name
    self.title = title
    self.summary = summary
    self.input = JSONShape.Fields("the arguments", input + filters)
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
      // Who waits takes no place from others.
      try await call.prepare(withModel: needsModel.holds(for: decoded))
      return try await call.limiter.run {
        try await call.checkEpisodes(named: arguments)
        return try JSONValueEncoder.value(of: try await run(decoded, call))
      }
    }
  }

  /// Checks the arguments and runs the tool.
  ///
  /// - Returns: the structured result.
  /// - Throws: ``ToolInputError`` or `ValidationError` naming the field, `EngramError`, `CancellationError`.
  package func run(
    _ arguments: [String: JSONValue], _ call: ToolCall
  ) async throws -> JSONValue {
    if let error = misnamed(arguments) { throw error }
    let value = JSONValue.object(try call.bound(arguments, of: self))
    do throws(JSONShape.Mismatch) {
      try JSONShape.object(input).check(value)
    } catch {
      throw ToolInputError(path: error.path, problem: error.problem, advice: error.advice)
    }
    return try await body(value, call)
  }

  /// As a list of tools shows it.
  ///
  /// - Parameter isBound: whether the server is bound to a namespace, so that none need be named.
  func description(for version: ProtocolVersion, isBound: Bool) -> JSONValue {
    let told =
      isBound ? JSONShape.Fields(input.name, input.all.filter { $0.name != "namespace" }) : input
    var fields: [String: JSONValue] = [
      "name": .string(name), "description": .string(summary),
      "inputSchema": told.schema(isStrict: true),
    ]
    if version >= .march2025 {
      var annotations = hints.json.fields ?? [:]
      if !version.hasStructuredContent { annotations["title"] = .string(title) }
      fields["annotations"] = .object(annotations)
    }
    if version.hasStructuredContent {
      fields["title"] = .string(title)
      fields["outputSchema"] = output.leanSchema()
    }
    return .object(fields)
  }
}
