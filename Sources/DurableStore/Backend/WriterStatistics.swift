/// The connection that writes, and those who wait for it.
///
/// Every write that was asked for waits, is under way, or is counted as one of committed, failed, timed
/// out and cancelled.
public struct WriterStatistics: Hashable, Sendable, Codable {
  /// Writes that wait now.
  public var waiting = 0
  /// Writes asked for.
  public var writeCount = 0
  /// Writes that are stored.
  public var committedCount = 0
  /// Writes that were tried and failed, or came after the store was closed.
  public var failedCount = 0
  /// Writes that gave up because their turn did not come in time.
  public var timedOutCount = 0
  /// Writes whose task was cancelled before their turn.
  public var cancelledCount = 0
  /// Transactions that carried writes: those that come while one is being made durable share the next.
  public var transactionCount = 0
  /// The most writes in one transaction.
  public var writesATransactionMax = 0
  /// How long writes waited for their turn, together and at most, in seconds; those that gave up
  /// included.
  public var waitSeconds = 0.0
  /// The longest wait, in seconds.
  public var waitSecondsMax = 0.0
  /// How often the connection was given up, after a failure that it may not have got over, and opened
  /// anew.
  public var reopenedCount = 0

  /// All zero.
  public init() {}
}
