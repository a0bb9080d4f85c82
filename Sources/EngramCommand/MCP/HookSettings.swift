internal import Episodes

/// Hooks in the settings of Claude Code.
enum HookSettings {
  /// The settings with `command` as a hook of each event; the same text where it is that already. Hooks of this
  /// program with other options give way to it: two would record the same sessions.
  ///
  /// - Throws: ``ConfigurationProblem`` for a text that is no JSON object, or whose hooks are none.
  static func adding(
    _ command: String, to text: String, events: [String], timeoutSeconds: Int64
  ) throws(ConfigurationProblem) -> String {
    let isEmpty = !text.contains { !$0.isWhitespace }
    let source = isEmpty ? "{}\n" : text
    guard case .object(let root) = try value(of: source) else {
      throw ConfigurationProblem("is no JSON object")
    }
    var hooks: [String: JSONValue] = [:]
    if let value = root["hooks"] {
      guard case .object(let fields) = value else {
        throw ConfigurationProblem("hooks is no object; expected one of events")
      }
      hooks = fields
    }
    var editor = JSONTextEditor(source)
    var wanted = hooks
    for event in events {
      var groups: [JSONValue] = []
      if let value = hooks[event] {
        guard case .array(let values) = value else {
          throw ConfigurationProblem("hooks.\(event) is no list; expected one of hooks")
        }
        groups = values
      }
      let others = groups.compactMap { without($0, othersThan: command) }
      if others == groups, groups.contains(where: { holds($0, command) }) { continue }
      groups = others.compactMap { without($0, othersThan: nil) }
      groups.append([
        "hooks": [
          [
            "type": "command", "command": .string(command), "timeout": .integer(timeoutSeconds),
          ]
        ]
      ])
      wanted[event] = .array(groups)
      editor.set(["hooks", event], .array(groups))
    }
    if wanted == hooks { return text }
    // What was written must be what was meant, whatever the text looked like.
    var whole = root
    whole["hooks"] = .object(wanted)
    guard try value(of: editor.text) == .object(whole) else {
      throw ConfigurationProblem("cannot be changed without changing more than the hooks")
    }
    return editor.text
  }

  private static func holds(_ group: JSONValue, _ command: String) -> Bool {
    guard case .object(let fields) = group, case .array(let hooks)? = fields["hooks"] else {
      return false
    }
    return hooks.contains { hook in
      if case .object(let fields) = hook { fields["command"] == .string(command) } else { false }
    }
  }

  /// A group without hooks of this program; nil where nothing else is in it.
  ///
  /// - Parameter command: stays.
  private static func without(_ group: JSONValue, othersThan command: String?) -> JSONValue? {
    guard case .object(var fields) = group, case .array(let hooks)? = fields["hooks"] else {
      return group
    }
    let kept = hooks.filter { hook in
      guard case .object(let fields) = hook, case .string(let text)? = fields["command"] else {
        return true
      }
      return text == command || !isOwn(text)
    }
    if kept.count == hooks.count { return group }
    if kept.isEmpty { return nil }
    fields["hooks"] = .array(kept)
    return .object(fields)
  }

  /// Whether it calls a program named `engram` with the command `hook`.
  private static func isOwn(_ command: String) -> Bool {
    // Together with other commands it is the user's.
    if command.contains(where: { "&|;\n`".contains($0) }) { return false }
    let words = command.split(separator: " ").map { $0.filter { $0 != "'" && $0 != "\"" } }
    guard let index = words.firstIndex(of: "hook"), index > 0 else { return false }
    return words[index - 1].split(separator: "/").last == "engram"
  }

  private static func value(of text: String) throws(ConfigurationProblem) -> JSONValue {
    do throws(JSONSyntaxError) {
      let plain = JSONComments.blanked(Array(text.utf8))
      return try JSONReader.value(of: String(decoding: plain, as: UTF8.self))
    } catch {
      throw ConfigurationProblem("is not JSON: \(error.problem)")
    }
  }

  /// A word as a shell reads it.
  static func shellWord(_ word: String) -> String {
    let isPlain = word.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."),
        UInt8(ascii: "_"), UInt8(ascii: "-"):
        true
      default: false
      }
    }
    return isPlain && !word.isEmpty ? word : "'" + word.replacing("'", with: "'\\''") + "'"
  }
}
