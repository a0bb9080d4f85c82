/// Bounds on what clients may have the server do.
public struct HTTPLimits: Hashable, Sendable {
  /// The longest body of a request, in bytes; of an import, the longest line.
  public var bodyBytesMax = 32 << 20
  /// Bytes that the bodies of all requests at work may have together; a request whose body finds no room is
  /// refused with 503. At least ``bodyBytesMax``.
  public var bodiesBytesMax = 128 << 20
  /// Seconds that a request may take.
  public var requestSeconds = 60.0
  /// Seconds that an import or export may take.
  public var transferSeconds = 3600.0
  /// Seconds after which a connection without a request is closed.
  public var idleSeconds = 60.0
  /// Seconds after which a connection is closed whose client has read nothing of what waits for it.
  public var stallSeconds = 60.0
  /// Connections at once; others wait to be accepted.
  public var connectionsMax = 512
  /// Requests at work at once; more are refused with 503.
  public var requestsMax = 512
  /// Requests of one address in a second, and as many more at once after a pause; more are refused with 429. 0 for any.
  public var requestsPerSecond = 10_000
  /// Sessions of the model context protocol's older era at once.
  public var sessionsMax = 256
  /// Seconds after which a session that nobody has used is ended.
  public var sessionSeconds = 1800.0
  /// Seconds between two signs of life on a stream of events.
  public var pingSeconds = 15.0

  public init() {}
}
