/// Any backend behind circuit breakers and retries.
///
/// Reads and writes have breakers of their own: a file in write-ahead mode can be read while another
/// process holds the lock for writing, so failed writes say nothing about reads. Every try goes through
/// the breaker; a refusal of the breaker is not tried again.
///
/// A write is tried again only when the backend says that it was not applied, and reads on a snapshot only
/// when nobody has heard of what they have found so far.
final class ResilientBackend: SQLBackend {
  let base: any SQLBackend
  private let retries: RetryConfiguration
  private let clock: StoreClock
  private let readBreaker: CircuitBreaker
  private let writeBreaker: CircuitBreaker
  private let readMeter = OperationMeter()
  private let snapshotMeter = OperationMeter()
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
    try await run(readMeter, readBreaker, mayRepeat: Self.isWorthReadingAgain) {
      () async throws(SQLError) in
      try await self.base.read(statements, cost: cost)
    }
  }

  func write(_ statements: [SQLStatement]) async throws(SQLError) -> [SQLResult] {
    try await run(writeMeter, writeBreaker, mayRepeat: Self.isWorthWritingAgain) {
      () async throws(SQLError) in
      try await self.base.write(statements)
    }
  }

  func withSnapshot<Value: Sendable>(
    mayRepeat: @Sendable () -> Bool,
    _ body: @Sendable (any SQLSnapshot) async throws -> Value
  ) async throws -> Value {
    func isWorthRepeating(_ error: SQLError) -> Bool {
      Self.isWorthReadingAgain(error) && mayRepeat()
    }
    // An error of the body's own is not one of the backend, which has given it a snapshot: it comes back
    // as a value.
    let result: Result<Value, any Error> = try await run(
      snapshotMeter, readBreaker, mayRepeat: isWorthRepeating
    ) { () async throws(SQLError) in
      do {
        return .success(try await self.base.withSnapshot(mayRepeat: mayRepeat, body))
      } catch let error as SQLError {
        throw error
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  var hasRowsHere: Bool { base.hasRowsHere }

  func transfer<Sink: RowSink>(
    _ statements: [SQLStatement], into makeSink: @escaping @Sendable () -> Sink
  ) async throws(SQLError) -> Sink.Product? {
    if base.hasRowsHere { return nil }
    return try await run(readMeter, readBreaker, mayRepeat: Self.isWorthReadingAgain) {
      () async throws(SQLError) in
      try await self.base.transfer(statements, into: makeSink)
    }
  }

  func lookUp<Value: Sendable>(
    _ body: @Sendable (RowVisitor) throws -> Value
  ) async throws(SQLError) -> Value? {
    guard base.hasRowsHere else { return nil }
    return try await run(readMeter, readBreaker, mayRepeat: Self.isWorthReadingAgain) {
      () async throws(SQLError) in
      try await self.base.lookUp(body)
    }
  }

  var statistics: SQLBackendStatistics {
    var statistics = base.statistics
    statistics.reads = readMeter.statistics
    statistics.snapshots = snapshotMeter.statistics
    statistics.writes = writeMeter.statistics
    statistics.readBreaker = readBreaker.report
    statistics.writeBreaker = writeBreaker.report
    return statistics
  }

  var writeCount: Int { writeMeter.count }

  func fileByteCount() -> Int? { base.fileByteCount() }

  func close() { base.close() }

  private static func isWorthReadingAgain(_ error: SQLError) -> Bool {
    error.isWorthRetrying(isWrite: false)
  }

  private static func isWorthWritingAgain(_ error: SQLError) -> Bool {
    error.isWorthRetrying(isWrite: true)
  }

  private func run<Value>(
    _ meter: OperationMeter, _ breaker: CircuitBreaker, mayRepeat: (SQLError) -> Bool,
    _ body: () async throws(SQLError) -> Value
  ) async throws(SQLError) -> Value {
    let start = clock.now()
    var retry = 0
    do throws(SQLError) {
      let value = try await tryRepeatedly(breaker, retry: &retry, mayRepeat: mayRepeat, body)
      meter.ended(after: clock.now() - start, failed: false, retries: retry)
      return value
    } catch {
      meter.ended(after: clock.now() - start, failed: true, retries: retry)
      throw error
    }
  }

  private func tryRepeatedly<Value>(
    _ breaker: CircuitBreaker, retry: inout Int, mayRepeat: (SQLError) -> Bool,
    _ body: () async throws(SQLError) -> Value
  ) async throws(SQLError) -> Value {
    while true {
      let permit = try breaker.admit()
      do throws(SQLError) {
        let value = try await body()
        breaker.succeeded(permit)
        return value
      } catch {
        note(error, permit, breaker)
        guard retry < retries.retriesMax, mayRepeat(error) else { throw error }
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
