/// How calls of one kind went, since the store was opened.
public struct OperationStatistics: Hashable, Sendable, Codable {
  /// Calls, however often each was tried.
  public var count = 0
  /// Calls that failed, however often each was tried.
  public var failures = 0
  /// Tries after the first.
  public var retries = 0
  /// The time that half of the calls took at most, from the call to its end, waiting and retries included:
  /// the upper bound of a bucket, 19 % wider than the one before.
  public var p50Microseconds = 0.0
  /// The time that 99 of 100 calls took at most, as above.
  public var p99Microseconds = 0.0
  /// The longest time of a call.
  public var microsecondsMax = 0.0
}
