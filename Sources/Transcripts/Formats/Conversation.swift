internal import Episodes

/// A whole session as one value: a list of messages, or an object with them.
struct Conversation {
  var id: String?
  var model: String?
  var time: Timestamp?
  var messages: [JSONValue]

  init?(_ value: JSONValue) {
    if let messages = value.values {
      self.messages = messages
      return
    }
    guard let fields = value.fields, let messages = fields["messages"]?.values else { return nil }
    self.messages = messages
    id = ["id", "session_id", "conversation_id", "thread_id"].lazy
      .compactMap { fields[$0]?.text }.first { !$0.isEmpty }
    model = fields["model"]?.text
    time =
      ["timestamp", "created_at"].lazy.compactMap { fields[$0]?.text }
      .compactMap { Timestamp($0) }.first
  }
}
