/// The words of a user among what programs put around them.
enum RequestText {
  /// Elements that programs write into a user's message, and that are not the user's words.
  private static let elements = [
    "system-reminder", "ide_opened_file", "ide_selection", "ide_diagnostics", "command-message",
    "local-command-stdout", "local-command-stderr", "local-command-caveat", "bash-input",
    "bash-stdout", "bash-stderr", "task-notification", "user-prompt-submit-hook", "new-diagnostics",
    "user_instructions", "environment_context", "INSTRUCTIONS", "user_shell_command",
    "permissions instructions", "collaboration_mode", "turn_aborted", "subagent_notification",
    "skill", "apps_instructions", "plugins_instructions", "skills_instructions",
  ]

  /// `text` without what programs wrote into it; a command (`<command-name>`) becomes `/name arguments`.
  ///
  /// - Complexity: linear in the number of bytes for each element that is in it.
  static func stripped(_ text: String) -> String {
    var text = text
    if text.hasPrefix("# AGENTS.md instructions") { return "" }
    if text.contains("<command-name>") {
      let name = content(of: "command-name", in: text).map(trimmed) ?? ""
      let arguments = content(of: "command-args", in: text).map(trimmed) ?? ""
      guard !name.isEmpty else { return "" }
      let command = name.hasPrefix("/") ? name : "/" + name
      return trimmed(command + " " + arguments)
    }
    if text.utf8.contains(UInt8(ascii: "<")) {
      for element in elements where text.contains("<" + element) {
        text = without(element, in: text)
      }
    }
    return trimmed(text)
  }

  /// What is asked for in a message that an editor has put its own state before.
  static func withoutEditorContext(_ text: String) -> String {
    guard text.hasPrefix("# Context from my IDE setup") else { return text }
    for head in ["## My request for Codex:", "## My request:"] {
      if let range = text.firstRange(of: head) { return String(text[range.upperBound...]) }
    }
    return text
  }

  private static func content(of element: String, in text: String) -> String? {
    guard let start = text.firstRange(of: "<\(element)>"),
      let end = text[start.upperBound...].firstRange(of: "</\(element)>")
    else { return nil }
    return String(text[start.upperBound..<end.lowerBound])
  }

  private static func without(_ element: String, in text: String) -> String {
    var result = ""
    var rest = text[...]
    while let start = rest.firstRange(of: "<\(element)") {
      // "<skills>" is not "<skill>".
      let after = rest[start.upperBound...].first
      guard after == ">" || after == " " else {
        result += rest[..<start.upperBound]
        rest = rest[start.upperBound...]
        continue
      }
      result += rest[..<start.lowerBound]
      guard let end = rest[start.upperBound...].firstRange(of: "</\(element)>") else {
        return result
      }
      rest = rest[end.upperBound...]
    }
    return result + rest
  }

  static func trimmed(_ text: String) -> String {
    guard let first = text.firstIndex(where: { !$0.isWhitespace }),
      let last = text.lastIndex(where: { !$0.isWhitespace })
    else { return "" }
    return String(text[first...last])
  }
}
