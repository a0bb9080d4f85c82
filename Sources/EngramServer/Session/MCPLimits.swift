/// Bounds on what a client may have the server do.
public struct MCPLimits: Hashable, Sendable {
  /// Requests at work at once, of all sessions; others wait for their turn.
  public var workingMax = 16
  /// Requests of a session that have not been answered; more are refused.
  public var unansweredMax = 512
  /// Resources that a session may subscribe to, and streams of changes it may listen to.
  public var subscriptionsMax = 1000
  /// Milliseconds between two looks at what has changed, while somebody has subscribed.
  public var watchMilliseconds = 250

  public init() {}
}
