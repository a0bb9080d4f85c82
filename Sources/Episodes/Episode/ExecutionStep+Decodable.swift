extension ExecutionStep: Decodable {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case number, timestamp, tool, action, parameters, result, latency, tokensUsed, metadata
  }

  /// The names of the fields in JSON.
  public static var fieldNames: [String] { CodingKeys.allCases.map(\.rawValue) }

  public init(from decoder: any Decoder) throws {
    let draft = try ExecutionStepDraft(from: decoder)
    let container = try decoder.container(keyedBy: CodingKeys.self)
    guard let number = draft.number else {
      throw DecodingError.keyNotFound(
        CodingKeys.number,
        .init(codingPath: container.codingPath, debugDescription: "a step needs its number"))
    }
    guard let timestamp = draft.timestamp else {
      throw DecodingError.keyNotFound(
        CodingKeys.timestamp,
        .init(codingPath: container.codingPath, debugDescription: "a step needs its time"))
    }
    self = draft.step(number: number, timestamp: timestamp)
  }
}

/// A step as written in a file, where an episode can fill in the number and the time.
struct ExecutionStepDraft: Decodable {
  var number: Int?
  var timestamp: Timestamp?
  private var tool: String
  private var action: String
  private var parameters: JSONValue
  private var result: StepResult?
  private var latency: Double
  private var tokensUsed: Int?
  private var metadata: [String: String]

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: ExecutionStep.CodingKeys.self)
    number = try container.decodeIfPresent(Int.self, forKey: .number)
    timestamp = try container.decodeIfPresent(Timestamp.self, forKey: .timestamp)
    tool = try container.decodeIfPresent(String.self, forKey: .tool) ?? ""
    action = try container.decodeIfPresent(String.self, forKey: .action) ?? ""
    // Null is a value of its own here, not a missing one.
    parameters =
      container.contains(.parameters)
      ? try container.decode(JSONValue.self, forKey: .parameters) : .object([:])
    result = try container.decodeIfPresent(StepResult.self, forKey: .result)
    latency = try container.decodeIfPresent(Double.self, forKey: .latency) ?? 0
    tokensUsed = try container.decodeIfPresent(Int.self, forKey: .tokensUsed)
    metadata = try container.decodeIfPresent([String: String].self, forKey: .metadata) ?? [:]
  }

  func step(number: Int, timestamp: Timestamp) -> ExecutionStep {
    ExecutionStep(
      number: self.number ?? number, timestamp: self.timestamp ?? timestamp, tool: tool,
      action: action, parameters: parameters, result: result, latency: latency,
      tokensUsed: tokensUsed, metadata: metadata)
  }
}
