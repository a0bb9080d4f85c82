internal import Episodes

/// What a line of a transcript says, whatever its format.
enum TranscriptEvent {
  /// Somebody asked for something: `id` is that of the message, if it has one.
  case request(String, id: String?)
  case call(id: String, tool: String, parameters: JSONValue)
  case result(callID: String, output: String, isError: Bool)
  /// Words of the agent; `isFinal` is nil where only what follows tells.
  case answer(String, isFinal: Bool?)
  /// The user stopped the agent.
  case interrupted
  /// The agent could not go on, such as for an error of the model's server.
  case failed(String)
}
