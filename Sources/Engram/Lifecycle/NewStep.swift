public import Episodes

/// What is known of a step when it is logged; its number is given by the memory.
public struct NewStep: Hashable, Sendable {
  public var tool: String
  public var action: String
  public var parameters: JSONValue
  public var result: StepResult?
  /// Seconds.
  public var latency: Double
  public var tokensUsed: Int?
  public var metadata: [String: String]
  /// Nil for the time when it is logged.
  public var timestamp: Timestamp?

  public init(
    tool: String, action: String, parameters: JSONValue = .object([:]), result: StepResult? = nil,
    latency: Double = 0, tokensUsed: Int? = nil, metadata: [String: String] = [:],
    timestamp: Timestamp? = nil
  ) {
    self.tool = tool
    self.action = action
    self.parameters = parameters
    self.result = result
    self.latency = latency
    self.tokensUsed = tokensUsed
    self.metadata = metadata
    self.timestamp = timestamp
  }

  func step(number: Int, timestamp: Timestamp) -> ExecutionStep {
    ExecutionStep(
      number: number, timestamp: self.timestamp ?? timestamp, tool: tool, action: action,
      parameters: parameters,
      result: result, latency: latency, tokensUsed: tokensUsed, metadata: metadata)
  }
}
