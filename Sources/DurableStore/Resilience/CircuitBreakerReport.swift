/// What a circuit breaker does at the moment, and why.
public struct CircuitBreakerReport: Hashable, Sendable, Codable {
  /// Whether calls go through.
  public enum State: String, Hashable, Sendable, Codable {
    /// Calls go through.
    case closed
    /// Calls are refused without being tried.
    case open
    /// A few calls go through, to find out whether the others may.
    case halfOpen
  }

  /// A call that failed, so that it counted.
  public struct Failure: Hashable, Sendable, Codable {
    /// The name of the ``SQLError/Kind``.
    public var kind: String
    /// What the backend said.
    public var message: String
    /// How long ago that was, in seconds.
    public var secondsAgo: Double
  }

  /// Whether calls go through now.
  public var state: State
  /// Failures since the last success, while closed.
  public var failuresInARow: Int
  /// Successful probes so far, while half-open.
  public var probesSucceeded: Int
  /// How often it opened.
  public var openedCount: Int
  /// Calls it refused.
  public var refusedCount: Int
  /// Until it lets probes through, while open.
  public var secondsUntilProbe: Double?
  /// The latest failure, also after it closed again.
  public var lastFailure: Failure?
}
