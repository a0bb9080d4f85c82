internal import Engram
internal import Episodes
internal import Logging

extension MCPSession {
  func listTools(
    _ params: [String: JSONValue], _ context: RequestContext
  ) throws(RPCError) -> [String: JSONValue] {
    if let cursor = try context.cursor(params) { throw context.badCursor(cursor) }
    return [
      "tools": .array(
        Tools.all.map { $0.description(for: context.version, isBound: server.namespace != nil) })
    ]
  }

  /// Runs a tool. What is wrong with its arguments is a result, which a model can read and mend.
  func callTool(
    _ params: [String: JSONValue], _ context: RequestContext
  ) async throws -> [String: JSONValue] {
    let name = try context.text("name", params)
    guard let tool = Tools.byName[name] else {
      let near = NearName.of(name, among: Tools.all.map(\.name))
      throw RPCError.invalidParams(
        "there is no tool '\(PrintableText.line(String(name.prefix(100))))'"
          + (near.map { "; did you mean '\($0)'?" } ?? ""))
    }
    let arguments = try context.object("arguments", params)
    let call = server.call(context.progress)
    do {
      await waitForRoom()
      try Task.checkCancellation()
      let result = try await tool.run(arguments, call)
      var fields: [String: JSONValue] = [
        "content": [["type": "text", "text": .string(JSONWriter.text(of: result))]],
        "isError": false,
      ]
      if context.version.hasStructuredContent { fields["structuredContent"] = result }
      return fields
    } catch let error as ToolInputError {
      return failure(error.description)
    } catch let error as ValidationError {
      return failure(error.description)
    } catch let error as EngramError {
      if error.code == .cancelled { throw CancellationError() }
      if error.code == .storeFailed || error.code == .cacheFailed || error.code == .other {
        server.logger.warning("\(name): \(error)")
      }
      return failure("\(error.message) (\(error.code.rawValue))")
    }
  }

  private func failure(_ message: String) -> [String: JSONValue] {
    ["content": [["type": "text", "text": .string(message)]], "isError": true]
  }
}
