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
    var all = fields.map { (path: path + [$0.0], value: $0.1) }
    for (name, value) in entry.environment.sorted(by: { $0.key < $1.key }) {
      all.append((path + ["env", name], .string(value)))
    }
    var wanted = old
    for (path, value) in all {
      try set(&wanted, path, value)
      editor.set(path, value)
    }
    if wanted == old { return text }
    // What was written must be what was meant, whatever the text looked like.
    guard try value(of: editor.text) == wanted else {
      throw ConfigurationProblem("cannot be changed without changing more than the server")
    }
    return editor.text
  }

  /// The server in a configuration; nil where it is not there.
  ///
  /// - Throws: ``ConfigurationProblem`` for a text that is no JSON object.
  static func entry(in text: String, for host: MCPHost) throws(ConfigurationProblem)
    -> MCPServerEntry?
  {
    guard text.contains(where: { !$0.isWhitespace }) else { return nil }
    guard case .object(let root) = try value(of: text),
      case .object(let servers)? = root[host.serversField],
      case .object(let server)? = servers[MCPServerEntry.name]
    else { return nil }
    func texts(_ value: JSONValue?) -> [String] {
      guard case .array(let values)? = value else { return [] }
      return values.compactMap { if case .string(let text) = $0 { text } else { nil } }
    }
    guard case .string(let command)? = server["command"] else { return nil }
    return MCPServerEntry(command: command, arguments: texts(server["args"]))
  }

  private static func value(of text: String) throws(ConfigurationProblem) -> JSONValue {
    let value: JSONValue
    do throws(JSONSyntaxError) {
      let plain = JSONComments.blanked(Array(text.utf8))
      value = try JSONReader.value(of: String(decoding: plain, as: UTF8.self))
    } catch {
      let line = text.utf8.prefix(error.column - 1).count { $0 == 0x0A } + 1
      throw ConfigurationProblem(
        "line \(line): \(error.problem); expected JSON, with comments or without")
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
