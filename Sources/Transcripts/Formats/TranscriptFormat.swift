package import Episodes

/// Whose transcript a file is.
public enum TranscriptFormat: String, Hashable, Sendable, CaseIterable, Codable {
  /// Claude Code's sessions: `~/.claude/projects/<folder>/<session>.jsonl`.
  case claudeCode = "claude-code"
  /// Codex's rollouts: `~/.codex/sessions/<year>/<month>/<day>/rollout-….jsonl`.
  case codex
  /// Messages as chat completions take them: one a line, a conversation a line, or one document.
  case openAI = "openai"

  /// The format that one value of a file tells, if it tells one.
  package init?(of value: JSONValue) {
    switch value {
    case .array(let values):
      guard let first = values.first, Self.isMessage(first) else { return nil }
      self = .openAI
    case .object(let fields):
      let type = fields["type"]?.text
      if let type, fields["payload"] != nil, Self.codexTypes.contains(type) {
        self = .codex
      } else if let type, Self.claudeTypes.contains(type),
        fields["message"]?.fields != nil || fields["sessionId"] != nil || fields["leafUuid"] != nil
      {
        self = .claudeCode
      } else if fields["record_type"] != nil || Self.isOldCodexHead(fields)
        || type == "message" && fields["role"] != nil
      {
        self = .codex
      } else if Self.isMessage(value)
        || fields["messages"]?.values?.first.map(Self.isMessage) == true
      {
        self = .openAI
      } else {
        return nil
      }
    default: return nil
    }
  }

  private static let codexTypes: Set<String> = [
    "session_meta", "response_item", "event_msg", "turn_context", "compacted",
  ]

  private static let claudeTypes: Set<String> = [
    "user", "assistant", "system", "summary", "queue-operation", "permission-mode", "progress",
    "attachment", "file-history-snapshot", "custom-title", "last-prompt", "mode",
  ]

  private static func isOldCodexHead(_ fields: [String: JSONValue]) -> Bool {
    fields["type"] == nil && fields["id"]?.text != nil && fields["timestamp"]?.text != nil
      && (fields["instructions"] != nil || fields["git"] != nil)
  }

  private static let roles: Set<String> = [
    "system", "developer", "user", "assistant", "tool", "function",
  ]

  private static func isMessage(_ value: JSONValue) -> Bool {
    guard let fields = value.fields, let role = fields["role"]?.text, roles.contains(role) else {
      return false
    }
    return fields["content"] != nil || fields["tool_calls"] != nil
  }
}
