import Foundation
internal import Platform
internal import Synchronization

/// A database file in write-ahead mode: a pool of connections that read, each on a snapshot of its
/// own, one that writes, and other processes beside them.
final class SQLiteBackend: SQLBackend {
  let path: String
  let readers: ConnectionPool<SQLiteConnection>
  let writer: SQLiteWriter
  private let counters = StatementCounters()

  /// Opens or creates the file. Blocks while another process holds it.
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
    let connection = try Self.openWriter(
      path: path, busyTimeoutSeconds: busyTimeoutSeconds, counters: counters)
    let file = FileIdentity(path: path)
    writer = SQLiteWriter(
      connection: connection, configuration: pool, clock: clock
    ) { () throws(SQLError) in
      // Opening would create a file that is gone.
      try Self.check(file, isAt: path)
      return try Self.openWriter(
        path: path, busyTimeoutSeconds: busyTimeoutSeconds, counters: counters)
    }
    readers = ConnectionPool(
      connectionsMax: pool.connectionsMax - 1, configuration: pool, clock: clock
    ) { () async throws(SQLError) in
      try await BlockingThread.run { () throws(SQLError) in
        try Self.check(file, isAt: path)
        return try SQLiteConnection(
          path: path, role: .reader, busyTimeoutSeconds: busyTimeoutSeconds, counters: counters)
      }
    }
  }

  /// Opens or creates the file, on a thread that may block.
  static func open(
    path: String, busyTimeoutSeconds: Double, pool: PoolConfiguration, clock: StoreClock
  ) async throws(SQLError) -> SQLiteBackend {
    try await BlockingThread.run { () throws(SQLError) in
      try SQLiteBackend(
        path: path, busyTimeoutSeconds: busyTimeoutSeconds, pool: pool, clock: clock)
    }
  }

  private static func openWriter(
    path: String, busyTimeoutSeconds: Double, counters: StatementCounters
  ) throws(SQLError) -> SQLiteConnection {
    let connection = try SQLiteConnection(
      path: path, role: .writer, busyTimeoutSeconds: busyTimeoutSeconds, counters: counters)
    do throws(SQLError) {
      try enterWriteAheadMode(connection, seconds: busyTimeoutSeconds)
      // FULL: a commit waits until the disk has it. The log goes into the file every 16 MB.
      try connection.script(
        "PRAGMA synchronous = FULL; PRAGMA secure_delete = FAST; PRAGMA wal_autocheckpoint = 4000")
    } catch {
      connection.close()
      throw error
    }
    return connection
  }

  /// That connections opened later are to the same file as those before.
  private static func check(_ file: FileIdentity?, isAt path: String) throws(SQLError) {
    guard FileIdentity(path: path) == file else {
      throw SQLError(
        kind: .cannotOpen, message: "\(path) was removed or replaced while it was open")
    }
  }

  /// Entering write-ahead mode does not wait for the busy time-out, so two processes that create one
  /// file together would fail: try again until the time is up.
  static func enterWriteAheadMode(
    _ connection: SQLiteConnection, seconds: Double
  ) throws(SQLError) {
    let deadline = ContinuousClock.now + .seconds(bounding: seconds)
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
    case .lookup: return try connection.read(statements)
    case .scan: return try await connection.readInBackground(statements)
    }
  }

  func write(_ statements: [SQLStatement]) async throws(SQLError) -> [SQLResult] {
    try await writer.write(statements)
  }

  func withSnapshot<Value: Sendable>(
    mayRepeat: @Sendable () -> Bool,
    _ body: @Sendable (any SQLSnapshot) async throws -> Value
  ) async throws -> Value {
    let connection = try await readers.acquire()
    defer { readers.release(connection) }
    try await connection.beginSnapshotInBackground()
    defer { connection.endSnapshot() }
    return try await body(Snapshot(connection: connection))
  }

  func lookUp<Value: Sendable>(
    _ body: @Sendable (RowVisitor) throws -> Value
  ) async throws(SQLError) -> Value? {
    let connection = try await readers.acquire()
    defer { readers.release(connection) }
    return try connection.lookUp(body)
  }

  private struct Snapshot: SQLSnapshot {
    let connection: SQLiteConnection

    func read(_ statements: [SQLStatement]) async throws(SQLError) -> [SQLResult] {
      try await connection.readInBackground(statements, inSnapshot: true)
    }

    func visit<Value: Sendable>(
      _ body: @escaping @Sendable (RowVisitor) throws -> Value
    ) async throws -> Value? {
      try await connection.visit(body)
    }
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
