internal import Episodes

/// Hosts whose servers are fields of a JSON object.
enum JSONConfiguration {
  /// - Throws: ``ConfigurationProblem`` for a text that is no JSON object.
  static func adding(
    _ entry: MCPServerEntry, to text: String, for host: MCPHost
  ) throws(ConfigurationProblem) -> String {
    let isEmpty = !text.contains { !$0.isWhitespace }
    let old = try value(of: isEmpty ? "{}" : text)
    var editor = JSONTextEditor(isEmpty ? "{}\n" : text)
    let path = [host.serversField, MCPServerEntry.name]
    var fields: [(String, JSONValue)] = [
      ("command", .string(entry.command)),
      ("args", .array(entry.arguments.map(JSONValue.string))),
    ]
    if host.namesTransport { fields.insert(("type", "stdio"), at: 0) }
    var wanted = old
    for (name, value) in fields {
      try set(&wanted, path + [name], value)
      editor.set(path + [name], value)
    }
    if wanted == old { return text }
    // What was written must be what was meant, whatever the text looked like.
    guard try value(of: editor.text) == wanted else {
      throw ConfigurationProblem("cannot be changed without changing more than the server")
    }
    return editor.text
  }

  private static func value(of text: String) throws(ConfigurationProblem) -> JSONValue {
    let value: JSONValue
    do throws(JSONSyntaxError) {
      value = try JSONReader.value(of: text)
    } catch {
      let line = text.utf8.prefix(error.column - 1).count { $0 == 0x0A } + 1
      throw ConfigurationProblem(
        "line \(line): \(error.problem); expected JSON without comments")
    }
    guard case .object = value else {
      throw ConfigurationProblem("is \(value.kindDescription); expected an object")
    }
    return value
  }

  private static func set(
    _ object: inout JSONValue, _ path: [String], _ value: JSONValue
  ) throws(ConfigurationProblem) {
    guard let name = path.first else {
      object = value
      return
    }
    guard case .object(var fields) = object else {
      throw ConfigurationProblem(
        "the field above '\(name)' is \(object.kindDescription); expected an object")
    }
    try set(&fields[name, default: .object([:])], Array(path.dropFirst()), value)
    object = .object(fields)
  }
}
