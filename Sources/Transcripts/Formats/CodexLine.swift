internal import Episodes

/// Lines of Codex's rollouts.
///
/// Told by its source: `{"timestamp", "type", "payload"}` with the types `session_meta`, `turn_context`,
/// `response_item`, `event_msg` and `compacted`; before those, the bare payload of `session_meta` and then bare
/// response items.
enum CodexLine {
  static func events(
    of fields: [String: JSONValue], session: inout TranscriptSession
  ) -> [TranscriptEvent] {
    guard let payload = fields["payload"]?.fields else {
      if fields["type"] == nil {
        note(fields, in: &session)
        return []
      }
      return itemEvents(of: fields, in: session)
    }
    if fields["type"]?.text == "session_meta" {
      note(payload, in: &session)
      return []
    }
    // A number that the file gives its lines from 0 on, where it gives one.
    if let start = session.ownOrdinal, let ordinal = fields["ordinal"]?.whole, ordinal < start {
      return []
    }
    switch fields["type"]?.text {
    case "turn_context":
      if let folder = payload["cwd"]?.text { session.folder = folder }
      if let model = payload["model"]?.text { session.model = model }
      return []
    case "response_item": return itemEvents(of: payload, in: session)
    case "event_msg": return messageEvents(of: payload)
    default: return []
    }
  }

  private static func note(_ fields: [String: JSONValue], in session: inout TranscriptSession) {
    // A session that was forked names the one before it in a second head.
    guard session.id == nil, let id = fields["id"]?.text else { return }
    session.id = id
    session.parentID = fields["forked_from_id"]?.text ?? fields["parent_thread_id"]?.text
    // Where its own lines begin, as newer files say.
    session.ownOrdinal =
      fields["subagent_history_start_ordinal"]?.whole
      ?? fields["history_base"]?["end_ordinal_exclusive"]?.whole
    if session.parentID != nil { session.forkTime = session.lastTime }
    session.folder = fields["cwd"]?.text ?? session.folder
    session.version = fields["cli_version"]?.text
    session.branch = fields["git"]?["branch"]?.text
    if fields["source"]?["subagent"] != nil { session.isSubagent = true }
    session.agentPath =
      fields["agent_path"]?.text
      ?? fields["source"]?["subagent"]?["thread_spawn"]?["agent_path"]?.text
  }

  private static func messageEvents(of payload: [String: JSONValue]) -> [TranscriptEvent] {
    switch payload["type"]?.text {
    case "turn_aborted":
      switch payload["reason"]?.text {
      case "interrupted"?, nil: [.interrupted]
      // The next request stands in its place.
      case "replaced"?: []
      case let reason?: [.failed("the turn was aborted: " + reason)]
      }
    case "error", "stream_error": [.failed(payload["message"]?.text ?? "")]
    default: []
    }
  }

  private static func itemEvents(
    of item: [String: JSONValue], in session: TranscriptSession
  ) -> [TranscriptEvent] {
    let callID = item["call_id"]?.text ?? item["id"]?.text ?? ""
    switch item["type"]?.text {
    case "message":
      let text = item["content"]?.contentText ?? ""
      switch item["role"]?.text {
      case "assistant":
        return [.answer(text, isFinal: item["phase"]?.text.map { $0 == "final_answer" })]
      case "user":
        // The program's own words to the model.
        if text.hasPrefix("<turn_aborted>") { return [.interrupted] }
        let request = RequestText.stripped(RequestText.withoutEditorContext(text))
        return request.isEmpty ? [] : [.request(request, id: item["id"]?.text)]
      default: return []
      }
    case "agent_message":
      // From one agent to another: to a sub-agent it is what is asked of it.
      guard let path = session.agentPath, session.isSubagent == true,
        item["recipient"]?.text == path, item["author"]?.text != path
      else { return [] }
      let request = RequestText.stripped(item["content"]?.contentText ?? "")
      return request.isEmpty ? [] : [.request(request, id: item["id"]?.text)]
    case "function_call":
      return [.call(id: callID, tool: item["name"]?.text ?? "", parameters: arguments(of: item))]
    case "custom_tool_call":
      return [
        .call(
          id: callID, tool: item["name"]?.text ?? "",
          parameters: .object(["input": item["input"] ?? ""]))
      ]
    case "local_shell_call":
      return [
        .call(id: callID, tool: "shell", parameters: item["action"] ?? .object([:]))
      ]
    case "web_search_call":
      // Its result is not told, but whether it came to one.
      return [
        .call(id: callID, tool: "web_search", parameters: item["action"] ?? .object([:])),
        .result(callID: callID, output: "", isError: item["status"]?.text == "failed"),
      ]
    case "function_call_output", "custom_tool_call_output", "local_shell_call_output":
      let (output, isError) = result(item["output"] ?? .null)
      return [.result(callID: callID, output: output, isError: isError)]
    default: return []
    }
  }

  /// The arguments are a text of JSON.
  static func arguments(of item: [String: JSONValue]) -> JSONValue {
    guard let arguments = item["arguments"] else { return .object([:]) }
    guard let text = arguments.text else { return arguments }
    if let value = try? JSONReader.value(of: text, allowsRepeatedFields: true),
      value.fields != nil
    {
      return value
    }
    return .object(["arguments": .string(text)])
  }

  /// What is written where a tool was not run, or broke.
  private static let failureHeads = [
    "failed ", "error: ", "err: ", "execution error", "apply_patch verification failed",
    "exec command rejected", "patch rejected", "rejected by user", "unsupported call",
  ]

  /// What a tool gave back: a text, blocks, an object with `content` and `success`, or a text of JSON with
  /// `output` and `metadata.exit_code`; newer texts begin with a line of the exit code.
  private static func result(_ output: JSONValue) -> (String, isError: Bool) {
    if let fields = output.fields {
      let isError = fields["success"] == .bool(false)
      return (fields["content"]?.contentText ?? output.contentText, isError)
    }
    let text = output.contentText
    if text.hasPrefix("{"), let value = try? JSONReader.value(of: text, allowsRepeatedFields: true),
      let inner = value["output"]?.text
    {
      return (inner, (value["metadata"]?["exit_code"]?.whole ?? 0) != 0)
    }
    for line in text.prefix(400).split(separator: "\n").prefix(5) {
      for head in ["Exit code: ", "Process exited with code "] where line.hasPrefix(head) {
        return (text, line.dropFirst(head.count).prefix { $0 != " " } != "0")
      }
    }
    for head in failureHeads where text.hasPrefix(head) { return (text, true) }
    return (text, false)
  }
}
