/// What a backend did since it was opened, and the state of its parts.
public struct SQLBackendStatistics: Hashable, Sendable, Codable {
  /// Statements run, each time.
  public var statementsExecuted = 0
  /// How many of those had to be compiled first.
  public var statementsPrepared = 0
  /// Requests to a database elsewhere, those included that were tried again; 0 for a file.
  public var requests = 0
  /// The connections that read.
  public var readers = PoolStatistics()
  /// The connection that writes; nil where there is no special one.
  public var writer: WriterStatistics?
  /// Reads of one batch of queries.
  public var reads = OperationStatistics()
  /// Reads of several batches that see one moment: pages of queries by filter, exports. Those of an
  /// export last as long as whoever takes its records.
  public var snapshots = OperationStatistics()
  /// Writes, each a transaction as its caller sees it.
  public var writes = OperationStatistics()
  /// The breaker of reads and snapshots.
  public var readBreaker: CircuitBreakerReport?
  /// The breaker of writes.
  public var writeBreaker: CircuitBreakerReport?

  /// All zero.
  public init() {}

  /// The share of executions that found their statement already prepared; 0 before the first.
  public var statementCacheHitRate: Double {
    guard statementsExecuted > 0 else { return 0 }
    return Double(statementsExecuted - statementsPrepared) / Double(statementsExecuted)
  }
}
