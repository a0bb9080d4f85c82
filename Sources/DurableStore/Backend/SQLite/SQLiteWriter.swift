internal import Synchronization

/// The one connection that writes, and the line before it.
///
/// Writes that come while one is being made durable share the next transaction, so that many tasks
/// pay for one wait for the disk. They stay writes of their own: each sees what those before it
/// wrote, and one that fails leaves no trace, while the others are committed without it.
///
/// Writes are served first come, first served. One that waits longer than
/// ``PoolConfiguration/waitSecondsMax`` gives up, and so does one whose task is cancelled while it
/// waits; once begun, a write runs to its end.
final class SQLiteWriter: Sendable {
  private typealias Outcome = Result<[SQLResult], SQLError>

  private enum Work {
    case batch([SQLStatement], CheckedContinuation<Outcome, Never>)
    /// Runs alone and outside of a transaction.
    case alone(@Sendable (Result<SQLiteConnection, SQLError>) -> Void)

    func fail(_ error: SQLError) {
      switch self {
      case .batch(_, let continuation): continuation.resume(returning: .failure(error))
      case .alone(let body): body(.failure(error))
      }
    }
  }

  private struct Job {
    var since: Duration
    var work: Work
  }

  private struct State {
    var line = WaitingLine<Job>()
    var counts = WriterStatistics()
    var isRunning = false
    var isClosed = false
    var isWatching = false
  }

  /// Statements of one shared transaction, so that nobody waits for a very long one.
  private static let statementsMax = 4096

  private let connection: SQLiteConnection
  private let waitSecondsMax: Double
  private let clock: StoreClock
  private let state = Mutex(State())

  init(connection: SQLiteConnection, waitSecondsMax: Double, clock: StoreClock) {
    self.connection = connection
    self.waitSecondsMax = waitSecondsMax
    self.clock = clock
  }

  var statistics: WriterStatistics {
    state.withLock { state in
      var counts = state.counts
      counts.waiting = state.line.count
      return counts
    }
  }

  /// Runs statements in one transaction, durable when it returns.
  func write(_ statements: [SQLStatement]) async throws(SQLError) -> [SQLResult] {
    if statements.isEmpty { return [] }
    let id = state.withLock { $0.line.takeNumber() }
    let outcome = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        submit(id, .batch(statements, continuation))
      }
    } onCancel: {
      state.withLock { $0.line.leave(id) }?.work.fail(Self.cancelled)
    }
    state.withLock { $0.line.forget(id) }
    return try outcome.get()
  }

  /// Runs `body` with the connection, between transactions.
  func alone<Value: Sendable>(
    _ body: @escaping @Sendable (SQLiteConnection) throws(SQLError) -> Value
  ) async throws(SQLError) -> Value {
    let id = state.withLock { $0.line.takeNumber() }
    let outcome = await withCheckedContinuation {
      (continuation: CheckedContinuation<Result<Value, SQLError>, Never>) in
      submit(
        id,
        .alone { connection in
          continuation.resume(
            returning: connection.flatMap { connection in
              do throws(SQLError) {
                return .success(try body(connection))
              } catch {
                return .failure(error)
              }
            })
        })
    }
    return try outcome.get()
  }

  /// Closes the connection after the write under way; those that wait get an error.
  func close() {
    let waiting = state.withLock { state -> [Job]? in
      if state.isClosed { return nil }
      state.isClosed = true
      var waiting: [Job] = []
      while let job = state.line.popFirst() { waiting.append(job) }
      return waiting
    }
    guard let waiting else { return }
    for job in waiting { job.work.fail(Self.closed) }
    connection.close()
  }

  private static var cancelled: SQLError {
    SQLError(kind: .cancelled, message: "the task was cancelled")
  }

  private static var closed: SQLError { SQLError(kind: .closed, message: "the store is closed") }

  private func submit(_ id: UInt64, _ work: Work) {
    let now = clock.now()
    let (failure, starts, watches) = state.withLock { state -> (SQLError?, Bool, Bool) in
      if state.isClosed { return (Self.closed, false, false) }
      guard
        state.line.join(
          id, deadline: now + .seconds(waitSecondsMax), Job(since: now, work: work))
      else { return (Self.cancelled, false, false) }
      if state.isRunning {
        defer { state.isWatching = true }
        return (nil, false, !state.isWatching)
      }
      state.isRunning = true
      return (nil, true, false)
    }
    if let failure { work.fail(failure) }
    if starts { connection.schedule { self.drain() } }
    if watches { watchLine() }
  }

  // MARK: - On the queue of the connection

  private func drain() {
    while let jobs = nextGroup() {
      if case .alone(let body)? = jobs.first {
        body(.success(connection))
      } else {
        commit(jobs[...])
      }
    }
  }

  private func nextGroup() -> [Work]? {
    let now = clock.now()
    return state.withLock { state in
      var group: [Work] = []
      var statementCount = 0
      gathering: while let next = state.line.first {
        switch next.work {
        case .alone:
          if !group.isEmpty { break gathering }
        case .batch(let statements, _):
          statementCount += statements.count
          if !group.isEmpty, statementCount > Self.statementsMax { break gathering }
        }
        _ = state.line.popFirst()
        let seconds = (now - next.since).inSeconds
        state.counts.waitSeconds += seconds
        state.counts.waitSecondsMax = max(state.counts.waitSecondsMax, seconds)
        group.append(next.work)
        if case .alone = next.work { break }
      }
      if group.isEmpty {
        state.isRunning = false
        return nil
      }
      return group
    }
  }

  /// Commits writes together. If one fails, those before it are committed without it, then the rest.
  private func commit(_ group: ArraySlice<Work>) {
    let batches = group.compactMap { work in
      if case .batch(let statements, let continuation) = work {
        (statements: statements, continuation: continuation)
      } else {
        nil
      }
    }
    guard !batches.isEmpty else { return }
    var failed: Int?
    do throws(SQLError) {
      var results: [[SQLResult]] = []
      try connection.write {
        results.removeAll()
        failed = nil
        for (index, batch) in batches.enumerated() {
          do {
            results.append(try connection.execute(batch.statements))
          } catch {
            failed = index
            throw error
          }
        }
      }
      state.withLock { state in
        state.counts.transactionCount += 1
        state.counts.writeCount += batches.count
        state.counts.writesATransactionMax = max(
          state.counts.writesATransactionMax, batches.count)
      }
      for (batch, result) in zip(batches, results) {
        batch.continuation.resume(returning: .success(result))
      }
    } catch {
      guard let failed, batches.count > 1 else {
        state.withLock { $0.counts.writeCount += batches.count }
        for batch in batches { batch.continuation.resume(returning: .failure(error)) }
        return
      }
      let middle = group.startIndex + failed
      commit(group[..<middle])
      commit(group[middle...middle])
      commit(group[(middle + 1)...])
    }
  }

  // MARK: - Watching the clock

  private func watchLine() {
    Task { [weak self, clock] in
      while let deadline = self?.expire() {
        try? await clock.sleep(max(deadline - clock.now(), .milliseconds(1)))
      }
    }
  }

  private func expire() -> Duration? {
    let now = clock.now()
    let (expired, next) = state.withLock { state -> ([Job], Duration?) in
      var expired: [Job] = []
      while let job = state.line.popExpired(at: now) {
        let seconds = (now - job.since).inSeconds
        state.counts.waitSeconds += seconds
        state.counts.waitSecondsMax = max(state.counts.waitSecondsMax, seconds)
        state.counts.timedOutCount += 1
        expired.append(job)
      }
      let next = state.line.firstDeadline
      if next == nil { state.isWatching = false }
      return (expired, next)
    }
    for job in expired {
      job.work.fail(
        SQLError(
          kind: .poolExhausted,
          message: "the writing connection did not become free in \(waitSecondsMax) s"))
    }
    return next
  }
}
