internal import Engram
internal import Episodes

extension MCPSession {
  func listPrompts(
    _ params: [String: JSONValue], _ context: RequestContext
  ) throws(RPCError) -> [String: JSONValue] {
    if let cursor = try context.cursor(params) { throw context.badCursor(cursor) }
    return ["prompts": .array(Prompt.all.map { $0.description(for: context.version) })]
  }

  func getPrompt(
    _ params: [String: JSONValue], _ context: RequestContext
  ) async throws -> [String: JSONValue] {
    let prompt = try Self.prompt(try context.text("name", params))
    var arguments: [String: String] = [:]
    let names = prompt.arguments.map(\.name)
    for (name, value) in try context.object("arguments", params).sorted(by: { $0.key < $1.key }) {
      guard names.contains(name) else {
        let near = NearName.of(name, among: names)
        throw RPCError.invalidParams(
          "arguments.\(PrintableText.line(String(name.prefix(60)))): is not an argument of "
            + "\(prompt.name); "
            + (near.map { "did you mean '\($0)'?" } ?? "expected \(names.joined(separator: ", "))"))
      }
      guard let text = value.text else {
        throw RPCError.invalidParams(
          "arguments.\(name)", "is \(value.kindDescription)", expected: "a string")
      }
      arguments[name] = text
    }
    for argument in prompt.arguments where argument.isRequired {
      guard arguments[argument.name]?.contains(where: { !$0.isWhitespace }) ?? false else {
        throw RPCError.invalidParams(
          "arguments.\(argument.name)", "is missing", expected: argument.expectation)
      }
    }
    let text: String
    do {
      text = try await prompt.body(arguments, server.call(context.progress))
    } catch let error as ToolInputError {
      throw RPCError.invalidParams("arguments.\(error)")
    } catch let error as EngramError where error.code == .notFound || error.code == .invalidInput {
      throw RPCError.invalidParams(error.message)
    }
    return [
      "description": .string(prompt.summary),
      "messages": [["role": "user", "content": ["type": "text", "text": .string(text)]]],
    ]
  }

  static func prompt(_ name: String) throws(RPCError) -> Prompt {
    if let prompt = Prompt.all.first(where: { $0.name == name }) { return prompt }
    let near = NearName.of(name, among: Prompt.all.map(\.name))
    throw .invalidParams(
      "there is no prompt '\(PrintableText.line(String(name.prefix(100))))'"
        + (near.map { "; did you mean '\($0)'?" } ?? ""))
  }
}
