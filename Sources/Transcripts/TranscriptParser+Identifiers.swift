internal import Episodes

extension TranscriptParser {
  var sessionID: String { Self.identifier(session.id ?? fallbackID) }

  /// From the message's own id, which is the same in every copy of a session; else from the session's and the
  /// place in it. Where neither is told, the words are in it: another conversation may come into the same file.
  func episodeID(message: String?, text: String) -> String {
    if format == .claudeCode, let message {
      var redactor = SecretRedactor()
      return Self.identifier("claude-" + TranscriptSession.safeID(message, &redactor))
    }
    let prefix =
      switch format {
      case .claudeCode: "claude"
      case .codex: "codex"
      case .openAI: "chat"
      }
    var name = session.id ?? fallbackID
    if session.id == nil || !isNamed {
      name += "-" + TranscriptSession.hash(of: text)
    }
    return Self.identifier("\(prefix)-\(name)-\(session.requestCount)")
  }

  /// `text`, or a hash of it where it cannot be an identifier.
  private static func identifier(_ text: String) -> String {
    Identifier.isValid(text) ? text : TranscriptSession.hashedID(text)
  }
}
