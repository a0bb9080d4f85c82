internal import TOMLKit

/// Codex, whose servers are tables of a TOML file.
enum TOMLConfiguration {
  /// - Throws: ``ConfigurationProblem`` for a text that is no TOML, or has the server in a form that cannot be
  ///   changed line by line.
  static func adding(
    _ entry: MCPServerEntry, to text: String, field: String
  ) throws(ConfigurationProblem) -> String {
    let old = try table(text)
    let header = "[\(field).\(MCPServerEntry.name)]"
    let command = "command = \(quoted(entry.command))"
    let arguments = "args = [" + entry.arguments.map(quoted).joined(separator: ", ") + "]"
    let known = variables(server(old, field))
    let variables = known.merging(entry.environment) { $1 }
    let pairs = variables.sorted { $0.key < $1.key }.map {
      "\(quoted($0.key)) = \(quoted($0.value))"
    }
    // Left alone where it says what it should.
    let environment = variables == known ? nil : "env = { \(pairs.joined(separator: ", ")) }"
    let wanted = try table([header, command, arguments].joined(separator: "\n"))
    if server(old, field)?["command"]?.string == entry.command,
      list(server(old, field)) == entry.arguments, environment == nil
    {
      return text
    }

    // By bytes: to Swift CR and LF are one character.
    var lines = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }
    let end = lines.first?.utf8.last == 0x0D ? "\r" : ""
    if server(old, field) == nil {
      while lines.last?.allSatisfy(\.isWhitespace) ?? false { lines.removeLast() }
      if !lines.isEmpty { lines.append(end) }
      lines += [header, command, arguments, environment].compactMap(\.self).map { $0 + end } + [""]
    } else {
      guard let start = lines.firstIndex(where: { trimmed($0).hasPrefix(header) }) else {
        throw ConfigurationProblem(
          "the server is not in a table of its own, \(header); write 'command' and 'args' by hand")
      }
      let next = lines[(start + 1)...].firstIndex { trimmed($0).hasPrefix("[") } ?? lines.endIndex
      var body = Array(lines[(start + 1)..<next])
      if let environment { replace(&body, "env", by: environment + end) }
      replace(&body, "args", by: arguments + end)
      replace(&body, "command", by: command + end)
      lines.replaceSubrange((start + 1)..<next, with: body)
    }
    let changed = lines.joined(separator: "\n")
    // What was written must be what was meant, whatever the text looked like.
    guard let new = try? table(changed), list(server(new, field)) == list(server(wanted, field)),
      server(new, field)?["command"]?.string == entry.command,
      self.variables(server(new, field)) == variables,
      rest(new, field) == rest(old, field)
    else {
      throw ConfigurationProblem("cannot be changed without changing more than the server")
    }
    return changed
  }

  private static func table(_ text: String) throws(ConfigurationProblem) -> TOMLTable {
    do {
      return try TOMLTable(string: text)
    } catch let error as TOMLParseError {
      throw ConfigurationProblem("\(error.source.begin): \(error.description); expected TOML")
    } catch {
      throw ConfigurationProblem("\(error); expected TOML")
    }
  }

  /// The server in a configuration; nil where it is not there.
  ///
  /// - Throws: ``ConfigurationProblem`` for a text that is no TOML.
  static func entry(in text: String, field: String) throws(ConfigurationProblem) -> MCPServerEntry?
  {
    let found = server(try table(text), field)
    guard let command = found?["command"]?.string else { return nil }
    return MCPServerEntry(command: command, arguments: list(found) ?? [])
  }

  /// What a host sets for the server; values that are no texts are left out, and then not what is written.
  private static func variables(_ server: TOMLTable?) -> [String: String] {
    guard let table = server?["env"]?.table else { return [:] }
    var variables: [String: String] = [:]
    for name in table.keys { variables[name] = table[name]?.string }
    return variables
  }

  private static func server(_ table: TOMLTable, _ field: String) -> TOMLTable? {
    table[field]?.table?[MCPServerEntry.name]?.table
  }

  private static func list(_ server: TOMLTable?) -> [String]? {
    server?["args"]?.array.map { array in array.map { $0.string ?? "" } }
  }

  /// All but what is written of the server.
  private static func rest(_ table: TOMLTable, _ field: String) -> String {
    guard let copy = try? TOMLTable(string: table.convert()) else { return "" }
    if let server = server(copy, field) {
      server.remove(at: "command")
      server.remove(at: "args")
      server.remove(at: "env")
      if server.isEmpty { copy[field]?.table?.remove(at: MCPServerEntry.name) }
      if copy[field]?.table?.isEmpty ?? false { copy.remove(at: field) }
    }
    return copy.convert()
  }

  private static func replace(_ body: inout [String], _ name: String, by line: String) {
    let index = body.firstIndex { text in
      let text = trimmed(text)
      return text.hasPrefix(name)
        && text.dropFirst(name.count).first { !$0.isWhitespace } == "="
    }
    if let index { body[index] = line } else { body.insert(line, at: 0) }
  }

  private static func trimmed(_ line: String) -> Substring { line.drop { $0.isWhitespace } }

  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case _ where scalar.value < 0x20 || scalar.value == 0x7F:
        let figures = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - figures.count) + figures
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
