internal import Engram
internal import Episodes

/// A step as arguments of a tool tell it: without its number, which follows from its place.
struct StepArguments: Decodable {
  var tool: String
  var action: String
  var parameters: JSONValue
  var result: StepResult?
  var latency: Double
  var tokensUsed: Int?
  var metadata: [String: String]
  var timestamp: Timestamp?

  private enum CodingKeys: String, CodingKey {
    case tool, action, parameters, result, latency, tokensUsed, metadata, timestamp
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    tool = try container.decode(String.self, forKey: .tool)
    action = try container.decode(String.self, forKey: .action)
    parameters =
      try container.decodeIfPresent(JSONValue.self, forKey: .parameters) ?? .object([:])
    result = try container.decodeIfPresent(StepResult.self, forKey: .result)
    latency = try container.decodeIfPresent(Double.self, forKey: .latency) ?? 0
    tokensUsed = try container.decodeIfPresent(Int.self, forKey: .tokensUsed)
    metadata = try container.decodeIfPresent([String: String].self, forKey: .metadata) ?? [:]
    timestamp = try container.decodeIfPresent(Timestamp.self, forKey: .timestamp)
  }

  var step: NewStep {
    NewStep(
      tool: tool, action: action, parameters: parameters, result: result, latency: latency,
      tokensUsed: tokensUsed, metadata: metadata, timestamp: timestamp)
  }

  /// The step with its number, in an episode that is stored whole.
  func step(number: Int, at time: Timestamp) -> ExecutionStep {
    ExecutionStep(
      number: number, timestamp: timestamp ?? time, tool: tool, action: action,
      parameters: parameters, result: result, latency: latency, tokensUsed: tokensUsed,
      metadata: metadata)
  }

  static let shape = JSONShape.object(
    .init(
      "a step",
      [
        .required("tool", .text, "What was used, such as grep or pytest."),
        .required("action", .text, "What was done, in words."),
        .optional("parameters", .any, "What the tool was called with."),
        .optional("result", EpisodeShape.result, "How it ended; left out it counts as failed."),
        .optional(
          "latency", .bounded(0...ExecutionStep.latencyMax, " seconds"),
          "Seconds from call to result."
        ),
        .optional("tokensUsed", .count(0...Int.max)), .optional("metadata", .textMap),
        .optional("timestamp", .timestamp, "When it was done; now by default."),
      ]))
}
