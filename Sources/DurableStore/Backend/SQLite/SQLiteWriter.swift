internal import Platform
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
  typealias Outcome = Result<[SQLResult], SQLError>

  enum Work {
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

  /// A write that shares a transaction.
  struct Batch {
    var statements: [SQLStatement]
    var continuation: CheckedContinuation<Outcome, Never>
  }

  struct Job {
    var since: Duration
    var work: Work
  }

  struct State {
    var line = WaitingLine<Job>()
    var counts = WriterStatistics()
    var isRunning = false
    var isClosed = false
    var isWatching = false
  }

  /// Statements of one shared transaction, so that nobody waits for a very long one.
  static let statementsMax = 4096

  let connection: SQLiteConnection
  private let waitSecondsMax: Double
  let clock: StoreClock
  let state = Mutex(State())

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
          id, deadline: now + .seconds(bounding: waitSecondsMax), Job(since: now, work: work))
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
