/// How calls of one kind went, since the store was opened.
public struct OperationStatistics: Hashable, Sendable, Codable {
  /// Calls, however often each was tried.
  public var count = 0
  public var failures = 0
  /// Tries after the first.
  public var retries = 0
  /// From the call to its end, waiting and retries included; upper bounds of the bucket that holds the
  /// percentile, 19 % apart.
  public var p50Microseconds = 0.0
  public var p99Microseconds = 0.0
  public var microsecondsMax = 0.0
}
