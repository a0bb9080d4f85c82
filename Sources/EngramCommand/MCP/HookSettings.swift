internal import Episodes

/// Hooks in the settings of Claude Code.
enum HookSettings {
  /// The settings with a command as a hook of each event; the same text where it is that already. Hooks of this
  /// program with other options, or with another name (``HookCommandText``), give way to it: two would record the
  /// same sessions.
  ///
  /// - Throws: ``ConfigurationProblem`` for a text that is no JSON object, or whose hooks are none.
  static func adding(
    _ hook: HookCommandText, to text: String, events: [String], timeoutSeconds: Int64
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
      let others = groups.compactMap { without($0, hook, stays: true) }
      if others == groups, groups.contains(where: { holds($0, hook.text) }) { continue }
      groups = others.compactMap { without($0, hook, stays: false) }
      groups.append([
        "hooks": [
          [
            "type": "command", "command": .string(hook.text), "timeout": .integer(timeoutSeconds),
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
  /// - Parameters:
  ///   - hook: what says which are of this program.
  ///   - stays: whether `hook` itself stays.
  private static func without(
    _ group: JSONValue, _ hook: HookCommandText, stays: Bool
  ) -> JSONValue? {
    guard case .object(var fields) = group, case .array(let hooks)? = fields["hooks"] else {
      return group
    }
    let kept = hooks.filter { other in
      guard case .object(let fields) = other, case .string(let text)? = fields["command"] else {
        return true
      }
      return stays && text == hook.text || !hook.isReplacing(text)
    }
    if kept.count == hooks.count { return group }
    if kept.isEmpty { return nil }
    fields["hooks"] = .array(kept)
    return .object(fields)
  }

  private static func value(of text: String) throws(ConfigurationProblem) -> JSONValue {
    do throws(JSONSyntaxError) {
      let plain = JSONComments.blanked(Array(text.utf8))
      return try JSONReader.value(of: String(decoding: plain, as: UTF8.self))
    } catch {
      throw ConfigurationProblem("is not JSON: \(error.problem)")
    }
  }
}
