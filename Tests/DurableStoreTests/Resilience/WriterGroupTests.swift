import Foundation
import Testing

@testable import DurableStore

@Suite("Writes that share a transaction")
struct WriterGroupTests {
  private func backend(_ folder: TemporaryFolder) async throws -> SQLiteBackend {
    let backend = try SQLiteBackend(path: folder.file("s.db"), busyTimeoutSeconds: 5)
    try await backend.write(SQLStatement("CREATE TABLE t (x INTEGER PRIMARY KEY, y)"))
    return backend
  }

  /// Asks for writes that wait together, and returns their errors, those of success nil.
  private func together(
    _ backend: SQLiteBackend, count: Int, arming: @Sendable () -> Void = {},
    _ statements: @escaping @Sendable (Int) -> [SQLStatement]
  ) async throws -> [SQLError?] {
    let hold = await WriterHold(backend)
    let errors = Locked([SQLError?](repeating: nil, count: count))
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<count {
        group.addTask {
          do throws(SQLError) {
            _ = try await backend.write(statements(number))
          } catch {
            errors.withLock { $0[number] = error }
          }
        }
      }
      #expect(await eventually { backend.statistics.writer?.waiting == count })
      arming()
      try await hold.end()
      try await group.waitForAll()
    }
    return errors.withLock { $0 }
  }

  /// That every write asked for is counted as what became of it.
  private func expectExact(_ backend: SQLiteBackend) {
    guard let counts = backend.statistics.writer else { return }
    #expect(
      counts.writeCount == counts.committedCount + counts.failedCount + counts.timedOutCount
        + counts.cancelledCount)
    #expect(counts.waiting == 0)
  }

  @Test("Of thousands of writes that all fail each gets its own error")
  func allFail() async throws {
    let folder = try TemporaryFolder()
    let backend = try await backend(folder)
    let errors = try await together(backend, count: 3000) { number in
      [SQLStatement("INSERT INTO missing\(number % 7) VALUES (1)")]
    }
    for (number, error) in errors.enumerated() {
      #expect(error?.message == "no such table: missing\(number % 7)")
    }
    #expect(backend.statistics.writer?.failedCount == 3000)
    expectExact(backend)
    backend.close()
  }

  @Test("A write fails for what is stored, not for what another write was about to store")
  func mixed() async throws {
    let folder = try TemporaryFolder()
    let backend = try await backend(folder)
    let errors = try await together(backend, count: 60) { number in
      // Two of each key: one of them comes first. Every third also breaks off.
      var statements = [
        SQLStatement("INSERT INTO t (x) VALUES (?1)", [.integer(Int64(number / 2))])
      ]
      if number % 3 == 0 { statements.append(SQLStatement("INSERT INTO missing VALUES (1)")) }
      return statements
    }
    let stored = try await backend.read(SQLStatement("SELECT x FROM t ORDER BY x")).integers
    for pair in 0..<30 {
      let outcomes = [errors[2 * pair], errors[2 * pair + 1]]
      let successes = outcomes.count { $0 == nil }
      #expect(successes == (stored.contains(Int64(pair)) ? 1 : 0), "\(pair)")
      // One of the two that could have been stored always is.
      #expect(successes == 1, "\(pair)")
      for (offset, error) in outcomes.enumerated() {
        guard let error else { continue }
        #expect(error.kind == .uniqueViolation || (2 * pair + offset) % 3 == 0)
      }
    }
    let transactions = backend.statistics.writer?.transactionCount ?? 0
    #expect(transactions <= 4, "\(transactions) transactions")
    expectExact(backend)
    backend.close()
  }

  @Test("On a disk that is full each write fails for itself, and with room again all goes on")
  func fullDisk() async throws {
    let folder = try TemporaryFolder()
    let disk = FaultyDisk(folder: folder.path)
    let backend = try await backend(folder)
    let insert: @Sendable (Int) -> [SQLStatement] = { number in
      [
        number % 5 == 1
          ? SQLStatement("INSERT INTO missing VALUES (1)")
          : SQLStatement("INSERT INTO t (y) VALUES (?1)", [.integer(Int64(number))])
      ]
    }
    let full = try await together(
      backend, count: 200, arming: { disk.arm(.fullDisk, after: 0, isLasting: true) }, insert)
    for (number, error) in full.enumerated() {
      #expect(error?.kind == (number % 5 == 1 ? .other : .diskFull), "\(number)")
    }
    disk.disarm()
    let count = SQLStatement("SELECT count(*) FROM t")
    #expect(try await backend.read(count).firstInteger == 0)
    // Full for a moment: the writes that fit are stored.
    let once = try await together(
      backend, count: 200, arming: { disk.arm(.fullDisk, after: 0) }, insert)
    #expect(disk.hitCount == 1)
    #expect(once.enumerated().allSatisfy { ($1 == nil) == ($0 % 5 != 1) })
    #expect(try await backend.read(count).firstInteger == 160)
    expectExact(backend)
    backend.close()
  }

  @Test("Writes that are cancelled, time out or come too late are counted as that")
  func counts() async throws {
    let folder = try TemporaryFolder()
    let clock = ManualClock()
    let backend = try SQLiteBackend(
      path: folder.file("s.db"), busyTimeoutSeconds: 5, pool: PoolConfiguration(waitSecondsMax: 5),
      clock: clock.storeClock())
    let create = SQLStatement("CREATE TABLE IF NOT EXISTS t (x)")
    try await backend.write(create)
    let hold = await WriterHold(backend)
    let cancelled = Task { try await backend.write(create) }
    #expect(await eventually { backend.statistics.writer?.waiting == 1 })
    let late = Task { try await backend.write(create) }
    #expect(await eventually { backend.statistics.writer?.waiting == 2 })
    clock.advance(by: .seconds(2))
    cancelled.cancel()
    await #expect(throws: SQLError.self) { try await cancelled.value }
    #expect(await eventually { clock.slept.contains { $0 > .seconds(1) } })
    clock.advance(by: .seconds(4))
    await #expect(throws: SQLError.self) { try await late.value }
    try await hold.end()
    await #expect(throws: SQLError.self) {
      try await backend.write(SQLStatement("INSERT INTO missing VALUES (1)"))
    }
    backend.close()
    await #expect(throws: SQLError.self) { try await backend.write(create) }
    let counts = backend.statistics.writer
    #expect(counts?.writeCount == 5)
    #expect(counts?.committedCount == 1)
    #expect(counts?.cancelledCount == 1)
    #expect(counts?.timedOutCount == 1)
    #expect(counts?.failedCount == 2)
    // Those that gave up have waited too.
    #expect(counts?.waitSeconds == 8)
    #expect(counts?.waitSecondsMax == 6)
    expectExact(backend)
  }
}
