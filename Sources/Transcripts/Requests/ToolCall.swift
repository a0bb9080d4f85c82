internal import Episodes

/// What a call of a tool is about.
enum ToolCall {
  private static let namesOfActions = [
    "command", "cmd", "file_path", "path", "notebook_path", "pattern", "query", "url", "skill",
    "description", "prompt", "input", "question", "text",
  ]

  /// The one parameter that tells most, on one line; the tool's name where there is none.
  static func action(tool: String, _ parameters: JSONValue) -> String {
    if let patch = parameters["input"]?.text, patch.contains("*** Begin Patch") {
      return ShortText.line("patch " + patchedFiles(patch).joined(separator: ", "))
    }
    for name in namesOfActions {
      guard let value = parameters[name] else { continue }
      if let text = value.text, !text.isEmpty { return ShortText.line(text) }
      if let words = value.values?.compactMap(\.text), !words.isEmpty {
        let isShell = words.count == 3 && ["-c", "-lc"].contains(words[1])
        return ShortText.line(isShell ? words[2] : words.joined(separator: " "))
      }
    }
    return tool
  }

  private static let editors: Set<String> = [
    "edit", "write", "multiedit", "notebookedit", "create_file", "write_file", "edit_file",
    "str_replace_editor", "str_replace_based_edit_tool", "apply_patch",
  ]

  /// The files that a call changes.
  static func changedFiles(tool: String, _ parameters: JSONValue) -> [String] {
    for text in [parameters["input"]?.text, parameters["command"]?.values?.last?.text] {
      if let text, text.contains("*** Begin Patch") { return patchedFiles(text) }
    }
    guard editors.contains(tool.lowercased()) else { return [] }
    if parameters["command"]?.text == "view" { return [] }
    return ["file_path", "path", "notebook_path"].compactMap { parameters[$0]?.text }.prefix(1)
      .map { $0 }
  }

  private static func patchedFiles(_ patch: String) -> [String] {
    patch.split(separator: "\n").compactMap { line in
      for head in ["*** Update File: ", "*** Add File: ", "*** Delete File: "]
      where line.hasPrefix(head) {
        return String(line.dropFirst(head.count))
      }
      return nil
    }
  }
}
