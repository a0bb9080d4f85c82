import Episodes
import Foundation
import Testing

@testable import DurableStore

@Suite("The writing connection")
struct WriterTests {
  private func withBackend(
    pool: PoolConfiguration = PoolConfiguration(), clock: StoreClock = .system,
    _ body: (SQLiteBackend) async throws -> Void
  ) async throws {
    let folder = try TemporaryFolder()
    let backend = try SQLiteBackend(
      path: folder.file("s.db"), busyTimeoutSeconds: 5, pool: pool, clock: clock)
    try await backend.write(SQLStatement("CREATE TABLE t (x INTEGER PRIMARY KEY, y)"))
    try await body(backend)
    backend.close()
  }

  /// Holds the writer until it is let go.
  private final class Gate: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)
    func wait() { semaphore.wait() }
    func open() { semaphore.signal() }
  }

  private func hold(_ backend: SQLiteBackend) async -> (gate: Gate, end: Task<Void, any Error>) {
    let gate = Gate()
    let entered = Locked(false)
    let end = Task {
      try await backend.writer.alone { _ throws(SQLError) in
        entered.withLock { $0 = true }
        gate.wait()
      }
    }
    _ = await eventually { entered.withLock { $0 } }
    return (gate, end)
  }

  @Test("Writes that come together share a transaction, and a failed one leaves no trace")
  func grouped() async throws {
    // None may give up while it waits, however slow the machine is.
    try await withBackend(pool: PoolConfiguration(waitSecondsMax: 600)) { backend in
      let before = backend.statistics.writer
      let (gate, end) = await hold(backend)
      let outcomes = Locked<[Int: Bool]>([:])
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<9 {
          group.addTask {
            var statements = [
              SQLStatement("INSERT INTO t (y) VALUES (?1)", [.integer(Int64(number))])
            ]
            if number % 4 == 2 { statements.append(SQLStatement("INSERT INTO missing VALUES (1)")) }
            let batch = statements
            do {
              _ = try await backend.write(batch)
              outcomes.withLock { $0[number] = true }
            } catch let error as SQLError {
              #expect(error.statementIndex == 1)
              outcomes.withLock { $0[number] = false }
            }
          }
          #expect(await eventually { backend.statistics.writer?.waiting == number + 1 })
        }
        gate.open()
        try await group.waitForAll()
      }
      try await end.value
      #expect(outcomes.withLock { $0.values.filter { $0 }.count } == 7)
      #expect(outcomes.withLock { $0[2] == false && $0[6] == false })
      let stored = try await backend.read(SQLStatement("SELECT y FROM t ORDER BY x")).integers
      #expect(stored == [0, 1, 3, 4, 5, 7, 8])
      let after = backend.statistics.writer
      #expect(after?.writeCount == (before?.writeCount ?? 0) + 9)
      #expect((after?.transactionCount ?? 0) - (before?.transactionCount ?? 0) <= 4)
      #expect(after?.writesATransactionMax ?? 0 >= 2)
      #expect(after?.waiting == 0)
    }
  }

  @Test("A write that waits too long or is cancelled is not done")
  func leaving() async throws {
    let clock = ManualClock()
    try await withBackend(
      pool: PoolConfiguration(waitSecondsMax: 5), clock: clock.storeClock()
    ) { backend in
      let (gate, end) = await hold(backend)
      let insert = SQLStatement("INSERT INTO t (y) VALUES (1)")
      let cancelled = Task { try await backend.write(insert) }
      #expect(await eventually { backend.statistics.writer?.waiting == 1 })
      let late = Task { try await backend.write(insert) }
      #expect(await eventually { backend.statistics.writer?.waiting == 2 })
      cancelled.cancel()
      let cancellation = await #expect(throws: SQLError.self) { try await cancelled.value }
      #expect(cancellation?.kind == .cancelled)
      #expect(await eventually { clock.slept.contains { $0 > .seconds(1) } })
      clock.advance(by: .seconds(6))
      let timeout = await #expect(throws: SQLError.self) { try await late.value }
      #expect(timeout?.kind == .poolExhausted)
      #expect(backend.statistics.writer?.timedOutCount == 1)
      gate.open()
      try await end.value
      #expect(try await backend.read(SQLStatement("SELECT count(*) FROM t")).firstInteger == 0)
      try await backend.write(insert)
      #expect(try await backend.read(SQLStatement("SELECT count(*) FROM t")).firstInteger == 1)
    }
  }

  @Test("A snapshot sees nothing of what is written after it began")
  func snapshot() async throws {
    try await withBackend { backend in
      let insert = SQLStatement("INSERT INTO t (y) VALUES (1)")
      let count = SQLStatement("SELECT count(*) FROM t")
      try await backend.write(insert)
      try await backend.withSnapshot { snapshot in
        try await backend.write(insert)
        #expect(try await snapshot.read([count])[0].firstInteger == 1)
        try await backend.write(insert)
        #expect(try await snapshot.read([count])[0].firstInteger == 1)
        #expect(try await backend.read(count).firstInteger == 3)
      }
      #expect(backend.statistics.readers.active == 0)
    }
  }

  @Test("A cancelled read ends early, and its connection goes on working")
  func cancelledRead() async throws {
    try await withBackend(pool: PoolConfiguration(connectionsMax: 2)) { backend in
      let endless = SQLStatement(
        "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n")
      let reading = Task { try await backend.read(endless) }
      #expect(await eventually { backend.statistics.statementsExecuted > 1 })
      reading.cancel()
      let error = await #expect(throws: SQLError.self) { try await reading.value }
      #expect(error?.kind == .cancelled)
      let seven = try await backend.read(SQLStatement("SELECT 7")).firstInteger
      #expect(seven == 7)
      #expect(backend.statistics.readers.openedCount == 1)
    }
  }

  @Test("A reading connection refuses to write")
  func queryOnly() async throws {
    try await withBackend { backend in
      let error = await #expect(throws: SQLError.self) {
        try await backend.read(SQLStatement("INSERT INTO t (y) VALUES (1)"))
      }
      #expect(error?.kind == .readOnly)
    }
  }

  @Test("In steady state more than 95 % of the statements are found prepared")
  func hitRate() async throws {
    try await withStore { store, _ in
      for index in 0..<400 {
        try await store.insert([NewEpisode(Samples.episode("e\(index)"))])
        _ = try await store.episode(id: "e\(index)")
        _ = try await store.episodes(matching: .init(domain: "general"), limit: 5)
      }
      #expect(try await store.statistics().statements.statementCacheHitRate > 0.95)
    }
  }
}
