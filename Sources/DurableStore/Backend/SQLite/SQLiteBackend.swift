internal import Dispatch
import Foundation
internal import Synchronization

/// A database file in write-ahead mode: a pool of connections that read, each on a snapshot of its
/// own, one that writes, and other processes beside them.
final class SQLiteBackend: SQLBackend {
  let path: String
  let readers: ConnectionPool<SQLiteConnection>
  let writer: SQLiteWriter
  private let counters = StatementCounters()
  private let scans = DispatchQueue(label: "engram.store.readers", attributes: .concurrent)

  /// Opens or creates the file.
  ///
  /// - Parameters:
  ///   - path: the file; its folder must exist.
  ///   - busyTimeoutSeconds: how long to wait for other processes.
  init(
    path: String, busyTimeoutSeconds: Double, pool: PoolConfiguration = PoolConfiguration(),
    clock: StoreClock = .system
  ) throws(SQLError) {
    self.path = path
    let counters = counters
    let connection = try SQLiteConnection(
      path: path, role: .writer, busyTimeoutSeconds: busyTimeoutSeconds, counters: counters)
    do throws(SQLError) {
      try Self.enterWriteAheadMode(connection, seconds: busyTimeoutSeconds)
      // FULL: a commit waits until the disk has it. The log goes into the file every 16 MB.
      try connection.script(
        "PRAGMA synchronous = FULL; PRAGMA secure_delete = FAST; PRAGMA wal_autocheckpoint = 4000")
    } catch {
      connection.close()
      throw error
    }
    writer = SQLiteWriter(
      connection: connection, waitSecondsMax: pool.waitSecondsMax, clock: clock)
    readers = ConnectionPool(
      connectionsMax: pool.connectionsMax - 1, configuration: pool, clock: clock
    ) { () throws(SQLError) in
      try SQLiteConnection(
        path: path, role: .reader, busyTimeoutSeconds: busyTimeoutSeconds, counters: counters)
    }
  }

  /// Entering write-ahead mode does not wait for the busy time-out, so two processes that create one
  /// file together would fail: try again until the time is up.
  static func enterWriteAheadMode(
    _ connection: SQLiteConnection, seconds: Double
  ) throws(SQLError) {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while true {
      do throws(SQLError) {
        return try connection.script("PRAGMA journal_mode = WAL")
      } catch {
        guard error.kind == .busy, ContinuousClock.now < deadline else { throw error }
        Thread.sleep(forTimeInterval: 0.02)
      }
    }
  }

  func read(
    _ statements: [SQLStatement], cost: SQLReadCost
  ) async throws(SQLError) -> [SQLResult] {
    let connection = try await readers.acquire()
    defer { readers.release(connection) }
    switch cost {
    case .lookup:
      return try connection.read(statements)
    case .scan:
      return try await run(on: connection) { connection throws(SQLError) in
        try connection.read(statements)
      }
    }
  }

  func write(_ statements: [SQLStatement]) async throws(SQLError) -> [SQLResult] {
    try await writer.write(statements)
  }

  func withSnapshot<Value: Sendable>(
    _ body: @Sendable (any SQLSnapshot) async throws -> Value
  ) async throws -> Value {
    let connection = try await readers.acquire()
    defer { readers.release(connection) }
    // The first read fixes what the transaction sees.
    try connection.script("BEGIN DEFERRED; SELECT 1 FROM sqlite_schema")
    defer { try? connection.script("ROLLBACK") }
    return try await body(Snapshot(backend: self, connection: connection))
  }

  private struct Snapshot: SQLSnapshot {
    let backend: SQLiteBackend
    let connection: SQLiteConnection

    func read(_ statements: [SQLStatement]) async throws(SQLError) -> [SQLResult] {
      try await backend.run(on: connection) { connection throws(SQLError) in
        try connection.execute(statements)
      }
    }
  }

  /// Runs `body` on a thread that may be held up. Ends early when the task is cancelled.
  private func run<Value: Sendable>(
    on connection: SQLiteConnection,
    _ body: @escaping @Sendable (SQLiteConnection) throws(SQLError) -> Value
  ) async throws(SQLError) -> Value {
    // Whether the connection still works for this task: an interruption must not hit the next one.
    let isRunning = Interruption()
    let outcome = await withTaskCancellationHandler {
      await withCheckedContinuation {
        (continuation: CheckedContinuation<Result<Value, SQLError>, Never>) in
        scans.async {
          let outcome: Result<Value, SQLError>
          do throws(SQLError) {
            try isRunning.begin()
            outcome = .success(try body(connection))
          } catch {
            outcome = .failure(error)
          }
          isRunning.end()
          continuation.resume(returning: outcome)
        }
      }
    } onCancel: {
      isRunning.cancel { connection.interrupt() }
    }
    return try outcome.get()
  }

  var statistics: SQLBackendStatistics {
    var statistics = SQLBackendStatistics()
    statistics.statementsExecuted = counters.executed.load(ordering: .relaxed)
    statistics.statementsPrepared = counters.prepared.load(ordering: .relaxed)
    statistics.readers = readers.statistics
    statistics.writer = writer.statistics
    return statistics
  }

  func fileByteCount() -> Int? {
    Self.byteCount(ofFile: path) + Self.byteCount(ofFile: path + "-wal")
  }

  static func byteCount(ofFile path: String) -> Int {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    return (attributes?[.size] as? NSNumber)?.intValue ?? 0
  }

  /// Closes once the calls under way have ended. The connection closed last brings the write-ahead
  /// log into the file and removes it.
  func close() {
    readers.close()
    writer.close()
  }
}

/// Whether a call may still be interrupted.
private final class Interruption: Sendable {
  private enum State { case waiting, running, ended, cancelled }

  private let state = Mutex(State.waiting)

  func begin() throws(SQLError) {
    let isCancelled = state.withLock { state in
      if state == .cancelled { return true }
      state = .running
      return false
    }
    if isCancelled { throw SQLError(kind: .cancelled, message: "the task was cancelled") }
  }

  func end() { state.withLock { $0 = .ended } }

  func cancel(_ interrupt: () -> Void) {
    state.withLock { state in
      switch state {
      case .waiting: state = .cancelled
      // Under the lock, so that the call does not end meanwhile.
      case .running: interrupt()
      case .ended, .cancelled: break
      }
    }
  }
}
