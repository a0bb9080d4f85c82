internal import DurableStore
internal import Foundation

/// The state of a store for people.
enum StoreStatusText {
  /// - Parameter columns: the width of the terminal; nil where there is none.
  static func text(_ health: StoreHealth, columns: Int? = nil) -> String {
    let statements = health.statements
    var lines = [
      health.isReachable
        ? "store       answers in \(milliseconds(health.pingSeconds))"
        : "store       does not answer: \(health.problem ?? "unknown")",
      "schema      \(health.schemaVersion), SQLite \(health.sqliteVersion), id \(health.storeID)",
    ]
    if let file = health.fileBytes, let log = health.logBytes {
      lines.append(
        "file        \(Units.bytes(file)), write-ahead log \(Units.bytes(log)), "
          + "\(health.freePageCount) of \(health.pageCount) pages free")
    }
    let pool = statements.readers
    lines.append(
      "readers     \(pool.active) active, \(pool.idle) idle, at most \(pool.connectionsMax); "
        + "acquired \(pool.acquiredCount) times, \(pool.waitCount) waits of "
        + "\(milliseconds(pool.waitSeconds)) together, \(pool.timedOutCount) timed out")
    if let writer = statements.writer {
      lines.append(
        "writer      \(writer.writeCount) writes in \(writer.transactionCount) transactions, "
          + "\(writer.waiting) waiting")
    }
    lines.append(
      "statements  \(statements.statementsExecuted) run, "
        + String(format: "%.1f %% found prepared", statements.statementCacheHitRate * 100))
    lines.append("reads       " + text(statements.reads, statements.readBreaker))
    // Behind the breaker of the reads.
    lines.append("snapshots   " + text(statements.snapshots, nil))
    lines.append("writes      " + text(statements.writes, statements.writeBreaker))
    return lines.map { UpkeepText.fitted($0, indent: 12, columns: columns) }
      .joined(separator: "\n")
  }

  private static func text(
    _ operations: OperationStatistics, _ breaker: CircuitBreakerReport?
  ) -> String {
    var text = "\(operations.count) calls, \(operations.failures) failed, \(operations.retries) "
    text += String(
      format: "retries, p50 %.0f µs, p99 %.0f µs", operations.p50Microseconds,
      operations.p99Microseconds)
    guard let breaker else { return text }
    text += "; breaker \(breaker.state.rawValue)"
    if let seconds = breaker.secondsUntilProbe {
      text += String(format: ", tried again in %.0f s", seconds)
    }
    if let failure = breaker.lastFailure {
      text += String(format: "; last failure %.0f s ago: ", failure.secondsAgo) + failure.message
    }
    return text
  }

  private static func milliseconds(_ seconds: Double) -> String {
    String(format: "%.1f ms", seconds * 1e3)
  }
}
