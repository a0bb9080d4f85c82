/// How one step ended.
public enum StepResult: Hashable, Sendable {
  case success(output: String)
  case error(message: String)
  case timeout
}

extension StepResult: Codable {
  private enum CodingKeys: String, CodingKey { case kind, output, message }
  private enum Kind: String, Codable { case success, error, timeout }

  /// Reads `{"kind": "success", "output": "…"}`, `{"kind": "error", "message": "…"}` or
  /// `{"kind": "timeout"}`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    switch try container.decode(Kind.self, forKey: .kind) {
    case .success:
      self = .success(output: try container.decodeIfPresent(String.self, forKey: .output) ?? "")
    case .error:
      self = .error(message: try container.decodeIfPresent(String.self, forKey: .message) ?? "")
    case .timeout: self = .timeout
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .success(let output):
      try container.encode(Kind.success, forKey: .kind)
      try container.encode(output, forKey: .output)
    case .error(let message):
      try container.encode(Kind.error, forKey: .kind)
      try container.encode(message, forKey: .message)
    case .timeout: try container.encode(Kind.timeout, forKey: .kind)
    }
  }
}
