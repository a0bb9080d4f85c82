/// How many statements ran, and how many of those had to be compiled first.
public struct SQLBackendStatistics: Hashable, Sendable {
  public var statementsExecuted = 0
  public var statementsPrepared = 0

  /// The share of executions that found their statement already prepared; 0 before the first.
  public var statementCacheHitRate: Double {
    guard statementsExecuted > 0 else { return 0 }
    return Double(statementsExecuted - statementsPrepared) / Double(statementsExecuted)
  }
}
