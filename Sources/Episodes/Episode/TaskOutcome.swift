/// How an episode ended.
public enum TaskOutcome: Hashable, Sendable {
  /// The task was done; `artifacts` name what it produced.
  case success(verdict: String, artifacts: [String])
  /// Some parts were done and some were not.
  case partialSuccess(verdict: String, completed: [String], failed: [String])
  case failure(reason: String, details: String?)
  /// The agent stopped on purpose: `signals` are what warned it.
  case abstained(reason: String, stoppedAtStep: Int, signals: [String])

  /// The case without its values: what filters and statistics name.
  public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
    case success, partialSuccess, failure, abstained
  }

  public var kind: Kind {
    switch self {
    case .success: .success
    case .partialSuccess: .partialSuccess
    case .failure: .failure
    case .abstained: .abstained
    }
  }

  /// The verdict or reason: the outcome in one sentence.
  public var summary: String {
    switch self {
    case .success(let verdict, _), .partialSuccess(let verdict, _, _): verdict
    case .failure(let reason, _), .abstained(let reason, _, _): reason
    }
  }
}

extension TaskOutcome: Codable {
  private enum CodingKeys: String, CodingKey {
    case kind, verdict, artifacts, completed, failed, reason, details, stoppedAtStep, signals
  }

  /// Reads an object whose `kind` says which other fields it has.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    func text(_ key: CodingKeys) throws -> String {
      try container.decodeIfPresent(String.self, forKey: key) ?? ""
    }
    func list(_ key: CodingKeys) throws -> [String] {
      try container.decodeIfPresent([String].self, forKey: key) ?? []
    }
    switch try container.decode(Kind.self, forKey: .kind) {
    case .success:
      self = .success(verdict: try text(.verdict), artifacts: try list(.artifacts))
    case .partialSuccess:
      self = .partialSuccess(
        verdict: try text(.verdict), completed: try list(.completed), failed: try list(.failed))
    case .failure:
      self = .failure(
        reason: try text(.reason),
        details: try container.decodeIfPresent(String.self, forKey: .details))
    case .abstained:
      self = .abstained(
        reason: try text(.reason),
        stoppedAtStep: try container.decodeIfPresent(Int.self, forKey: .stoppedAtStep) ?? 0,
        signals: try list(.signals))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(kind, forKey: .kind)
    switch self {
    case .success(let verdict, let artifacts):
      try container.encode(verdict, forKey: .verdict)
      try container.encode(artifacts, forKey: .artifacts)
    case .partialSuccess(let verdict, let completed, let failed):
      try container.encode(verdict, forKey: .verdict)
      try container.encode(completed, forKey: .completed)
      try container.encode(failed, forKey: .failed)
    case .failure(let reason, let details):
      try container.encode(reason, forKey: .reason)
      try container.encodeIfPresent(details, forKey: .details)
    case .abstained(let reason, let stoppedAtStep, let signals):
      try container.encode(reason, forKey: .reason)
      try container.encode(stoppedAtStep, forKey: .stoppedAtStep)
      try container.encode(signals, forKey: .signals)
    }
  }
}
