internal import Dispatch
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
/// waits; once begun, a write runs to its end. The time that a vacuum takes does not count as waiting,
/// until it exceeds ``PoolConfiguration/vacuumSecondsMax``.
///
/// A connection that may have come to harm, because a call of the disk or a rollback failed, is closed
/// and another opened for the next write.
final class SQLiteWriter: Sendable {
  typealias Outcome = Result<[SQLResult], SQLError>

  enum Work {
    case batch([SQLStatement], CheckedContinuation<Outcome, Never>)
    /// Runs alone and outside of a transaction.
    case alone(isVacuum: Bool, @Sendable (Result<SQLiteConnection, SQLError>) -> Void)

    var isWrite: Bool {
      if case .batch = self { true } else { false }
    }

    func fail(_ error: SQLError) {
      switch self {
      case .batch(_, let continuation): continuation.resume(returning: .failure(error))
      case .alone(_, let body): body(.failure(error))
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
    /// Writes in the line.
    var waitingWriteCount = 0
    var counts = WriterStatistics()
    var isRunning = false
    var isClosed = false
    var isWatching = false
    /// Since when the file is being vacuumed, by this process or another.
    var vacuumSince: Duration?
  }

  /// Values that one shared transaction binds, so that nobody waits for a very long one: some
  /// thousands of episodes.
  static let valuesMax = 1 << 18

  let configuration: PoolConfiguration
  let clock: StoreClock
  let state = Mutex(State())
  /// Where all work is done: a thread that may block.
  let queue = DispatchQueue(label: "engram.store.writer")
  let open: @Sendable () throws(SQLError) -> SQLiteConnection
  /// Changed on the queue only; nil after it was given up.
  let connection: Mutex<SQLiteConnection?>

  /// - Parameters:
  ///   - connection: an open connection.
  ///   - open: opens another in its place.
  init(
    connection: SQLiteConnection, configuration: PoolConfiguration, clock: StoreClock,
    open: @escaping @Sendable () throws(SQLError) -> SQLiteConnection
  ) {
    self.connection = Mutex(connection)
    self.configuration = configuration
    self.clock = clock
    self.open = open
  }

  var statistics: WriterStatistics {
    state.withLock { state in
      var counts = state.counts
      counts.waiting = state.waitingWriteCount
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
      cancel(id)
    }
    state.withLock { $0.line.forget(id) }
    return try outcome.get()
  }

  /// Runs `body` with the connection, between transactions.
  ///
  /// - Parameter isVacuum: whether it takes as long as it takes, and writes wait for it.
  func alone<Value: Sendable>(
    isVacuum: Bool = false,
    _ body: @escaping @Sendable (SQLiteConnection) throws(SQLError) -> Value
  ) async throws(SQLError) -> Value {
    let id = state.withLock { $0.line.takeNumber() }
    let outcome = await withCheckedContinuation {
      (continuation: CheckedContinuation<Result<Value, SQLError>, Never>) in
      submit(
        id,
        .alone(isVacuum: isVacuum) { connection in
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
      let now = clock.now()
      var waiting: [Job] = []
      while let job = Self.popFirst(of: &state, at: now) {
        if job.work.isWrite { state.counts.failedCount += 1 }
        waiting.append(job)
      }
      return waiting
    }
    guard let waiting else { return }
    for job in waiting { job.work.fail(Self.closed) }
    queue.sync {
      let last = connection.withLock { connection in
        defer { connection = nil }
        return connection
      }
      // The one closed last removes the log, if it has ever looked into it.
      _ = try? last?.execute(SQLStatement("SELECT 1 FROM sqlite_schema LIMIT 1"))
      last?.close()
    }
  }

  static var closed: SQLError { SQLError(kind: .closed, message: "the store is closed") }

  private static var cancelled: SQLError {
    SQLError(kind: .cancelled, message: "the task was cancelled")
  }

  private func cancel(_ id: UInt64) {
    let now = clock.now()
    let job = state.withLock { state -> Job? in
      guard let job = state.line.leave(id) else { return nil }
      Self.left(job, at: now, &state)
      if job.work.isWrite { state.counts.cancelledCount += 1 }
      return job
    }
    job?.work.fail(Self.cancelled)
  }

  private func submit(_ id: UInt64, _ work: Work) {
    let now = clock.now()
    let (failure, starts, watches) = state.withLock { state -> (SQLError?, Bool, Bool) in
      if work.isWrite { state.counts.writeCount += 1 }
      if state.isClosed {
        if work.isWrite { state.counts.failedCount += 1 }
        return (Self.closed, false, false)
      }
      let deadline = now + .seconds(configuration.waitSecondsMax)
      guard state.line.join(id, deadline: deadline, Job(since: now, work: work)) else {
        if work.isWrite { state.counts.cancelledCount += 1 }
        return (Self.cancelled, false, false)
      }
      if work.isWrite { state.waitingWriteCount += 1 }
      if state.isRunning {
        defer { state.isWatching = true }
        return (nil, false, !state.isWatching)
      }
      state.isRunning = true
      return (nil, true, false)
    }
    if let failure { work.fail(failure) }
    if starts { queue.async { self.drain() } }
    if watches { watchLine() }
  }
}
