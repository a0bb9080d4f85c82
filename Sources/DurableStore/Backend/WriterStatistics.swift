/// The connection that writes, and those who wait for it.
public struct WriterStatistics: Hashable, Sendable, Codable {
  /// Writes that wait now.
  public var waiting = 0
  /// Writes asked for.
  public var writeCount = 0
  /// Transactions that carried them: writes that come while one is being made durable share the next.
  public var transactionCount = 0
  /// The most writes in one transaction.
  public var writesATransactionMax = 0
  /// How long writes waited for their turn, together and at most, in seconds.
  public var waitSeconds = 0.0
  public var waitSecondsMax = 0.0
  public var timedOutCount = 0

  public init() {}
}
