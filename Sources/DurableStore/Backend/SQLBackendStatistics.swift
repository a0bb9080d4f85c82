/// What a backend did since it was opened, and the state of its parts.
public struct SQLBackendStatistics: Hashable, Sendable, Codable {
  public var statementsExecuted = 0
  /// How many of those had to be compiled first.
  public var statementsPrepared = 0
  /// The connections that read.
  public var readers = PoolStatistics()
  /// The connection that writes; nil where there is no special one.
  public var writer: WriterStatistics?
  public var reads = OperationStatistics()
  public var writes = OperationStatistics()
  public var readBreaker: CircuitBreakerReport?
  public var writeBreaker: CircuitBreakerReport?

  public init() {}

  /// The share of executions that found their statement already prepared; 0 before the first.
  public var statementCacheHitRate: Double {
    guard statementsExecuted > 0 else { return 0 }
    return Double(statementsExecuted - statementsPrepared) / Double(statementsExecuted)
  }
}
