/// One thing an agent did on the way.
public struct ExecutionStep: Hashable, Sendable, Encodable {
  /// The longest latency, in seconds: 31 years.
  public static let latencyMax = 1e9

  /// The place in the episode, from 1.
  public var number: Int
  public var timestamp: Timestamp
  public var tool: String
  public var action: String
  public var parameters: JSONValue
  /// Nil when the step never reported back; that counts as failed.
  public var result: StepResult?
  /// Seconds from call to result.
  public var latency: Double
  public var tokensUsed: Int?
  public var metadata: [String: String]

  public init(
    number: Int, timestamp: Timestamp, tool: String, action: String,
    parameters: JSONValue = .object([:]), result: StepResult? = nil, latency: Double = 0,
    tokensUsed: Int? = nil, metadata: [String: String] = [:]
  ) {
    self.number = number
    self.timestamp = timestamp
    self.tool = tool
    self.action = action
    self.parameters = parameters
    self.result = result
    self.latency = latency
    self.tokensUsed = tokensUsed
    self.metadata = metadata
  }

  /// Whether the step reported success.
  public var succeeded: Bool {
    if case .success = result { true } else { false }
  }
}
