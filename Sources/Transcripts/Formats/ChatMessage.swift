internal import Episodes

/// Messages of chat completions: `role` and `content`, with `tool_calls` for the calls of an assistant, and
/// role `tool` with `tool_call_id` for their results.
enum ChatMessage {
  static func events(of fields: [String: JSONValue]) -> [TranscriptEvent] {
    let text = fields["content"]?.contentText ?? ""
    switch fields["role"]?.text {
    case "user":
      let request = RequestText.stripped(text)
      return request.isEmpty ? [] : [.request(request, id: fields["id"]?.text)]
    case "assistant":
      var events: [TranscriptEvent] = []
      let calls = (fields["tool_calls"]?.values ?? []).compactMap { call(of: $0, in: fields) }
      if !text.isEmpty { events.append(.answer(text, isFinal: calls.isEmpty ? nil : false)) }
      events += calls
      if let function = fields["function_call"]?.fields {
        events.append(
          .call(
            id: "", tool: function["name"]?.text ?? "",
            parameters: CodexLine.arguments(of: function)))
      }
      return events
    case "tool", "function":
      return [
        .result(
          callID: fields["tool_call_id"]?.text ?? "", output: text, isError: isError(text, fields))
      ]
    default: return []
    }
  }

  private static func call(
    of value: JSONValue, in message: [String: JSONValue]
  ) -> TranscriptEvent? {
    let body = value["function"]?.fields ?? value["custom"]?.fields
    guard let body else { return nil }
    let parameters =
      body["arguments"] == nil
      ? .object(["input": body["input"] ?? ""]) : CodexLine.arguments(of: body)
    return .call(
      id: value["id"]?.text ?? "", tool: body["name"]?.text ?? "", parameters: parameters)
  }

  /// The format has no field for errors; what tools say of themselves has to do.
  private static func isError(_ text: String, _ fields: [String: JSONValue]) -> Bool {
    if fields["is_error"]?.isTrue ?? false || fields["status"]?.text == "error" { return true }
    let head = text.prefix(80).lowercased()
    return [
      "error:", "error ", "traceback (most recent call", "{\"error\"", "exception:", "failed:",
    ]
    .contains { head.hasPrefix($0) }
  }
}
