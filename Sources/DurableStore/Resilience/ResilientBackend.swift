/// Any backend behind circuit breakers and retries.
///
/// Reads and writes have breakers of their own: a file in write-ahead mode can be read while another
/// process holds the lock for writing, so failed writes say nothing about reads. Every try goes through
/// the breaker; a refusal of the breaker is not tried again.
///
/// A write is tried again only when the backend says that it was not applied.
final class ResilientBackend: SQLBackend {
  let base: any SQLBackend
  private let retries: RetryConfiguration
  private let clock: StoreClock
  private let readBreaker: CircuitBreaker
  private let writeBreaker: CircuitBreaker
  private let readMeter = OperationMeter()
  private let writeMeter = OperationMeter()

  init(
    _ base: any SQLBackend, breaker: CircuitBreakerConfiguration, retries: RetryConfiguration,
    clock: StoreClock
  ) {
    self.base = base
    self.retries = retries
    self.clock = clock
    readBreaker = CircuitBreaker(breaker, clock: clock)
    writeBreaker = CircuitBreaker(breaker, clock: clock)
  }

  func read(
    _ statements: [SQLStatement], cost: SQLReadCost
  ) async throws(SQLError) -> [SQLResult] {
    try await run(isWrite: false) { () async throws(SQLError) in
      try await self.base.read(statements, cost: cost)
    }
  }

  func write(_ statements: [SQLStatement]) async throws(SQLError) -> [SQLResult] {
    try await run(isWrite: true) { () async throws(SQLError) in
      try await self.base.write(statements)
    }
  }

  func withSnapshot<Value: Sendable>(
    _ body: @Sendable (any SQLSnapshot) async throws -> Value
  ) async throws -> Value {
    // What the body did so far may not bear being done again: tried once.
    let permit = try readBreaker.admit()
    do {
      let value = try await base.withSnapshot(body)
      readBreaker.succeeded(permit)
      return value
    } catch {
      // An error of the body's own is not one of the backend.
      if let error = error as? SQLError {
        note(error, permit, readBreaker)
      } else {
        readBreaker.abandoned(permit)
      }
      throw error
    }
  }

  var statistics: SQLBackendStatistics {
    var statistics = base.statistics
    statistics.reads = readMeter.statistics
    statistics.writes = writeMeter.statistics
    statistics.readBreaker = readBreaker.report
    statistics.writeBreaker = writeBreaker.report
    return statistics
  }

  func fileByteCount() -> Int? { base.fileByteCount() }

  func close() { base.close() }

  private func run(
    isWrite: Bool, _ body: () async throws(SQLError) -> [SQLResult]
  ) async throws(SQLError) -> [SQLResult] {
    let meter = isWrite ? writeMeter : readMeter
    let start = clock.now()
    var retry = 0
    do throws(SQLError) {
      let results = try await tryRepeatedly(isWrite: isWrite, retry: &retry, body)
      meter.ended(after: clock.now() - start, failed: false, retries: retry)
      return results
    } catch {
      meter.ended(after: clock.now() - start, failed: true, retries: retry)
      throw error
    }
  }

  private func tryRepeatedly(
    isWrite: Bool, retry: inout Int, _ body: () async throws(SQLError) -> [SQLResult]
  ) async throws(SQLError) -> [SQLResult] {
    let breaker = isWrite ? writeBreaker : readBreaker
    while true {
      let permit = try breaker.admit()
      do throws(SQLError) {
        let results = try await body()
        breaker.succeeded(permit)
        return results
      } catch {
        note(error, permit, breaker)
        guard retry < retries.retriesMax, error.isWorthRetrying(isWrite: isWrite) else {
          throw error
        }
      }
      do {
        try await clock.sleep(retries.pause(beforeRetry: retry, random: clock.random()))
      } catch {
        throw SQLError(kind: .cancelled, message: "the task was cancelled")
      }
      retry += 1
    }
  }

  private func note(_ error: SQLError, _ permit: CircuitBreaker.Permit, _ breaker: CircuitBreaker) {
    if error.countsAsFailure {
      breaker.failed(permit, error)
    } else if error.saysNothing {
      breaker.abandoned(permit)
    } else {
      breaker.succeeded(permit)
    }
  }
}
