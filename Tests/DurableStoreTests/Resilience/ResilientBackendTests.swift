import Foundation
import Testing

@testable import DurableStore

@Suite("Retries and breakers around a backend")
struct ResilientBackendTests {
  private struct Setting {
    let folder: TemporaryFolder
    let clock = ManualClock()
    let flaky: FlakyBackend
    let backend: ResilientBackend

    init(random: Double = 0, retries: RetryConfiguration = RetryConfiguration()) throws {
      folder = try TemporaryFolder()
      flaky = FlakyBackend(
        try SQLiteBackend(path: folder.file("s.db"), busyTimeoutSeconds: 1))
      backend = ResilientBackend(
        flaky, breaker: CircuitBreakerConfiguration(), retries: retries,
        clock: clock.storeClock(random: random, sleeping: false))
    }

    func read() async throws(SQLError) -> Int64? {
      try await backend.read(SQLStatement("SELECT 1")).firstInteger
    }
  }

  @Test("A read that fails three times is tried a fourth time, with pauses that double")
  func retries() async throws {
    let setting = try Setting()
    setting.flaky.fail(.busy, times: 3)
    #expect(try await setting.read() == 1)
    #expect(setting.flaky.tryCount == 4)
    #expect(setting.clock.slept == [.seconds(0.1), .seconds(0.2), .seconds(0.4)])
    let reads = setting.backend.statistics.reads
    #expect(reads.count == 1)
    #expect(reads.retries == 3)
    #expect(reads.failures == 0)
    #expect(setting.backend.statistics.readBreaker?.failuresInARow == 0)
    setting.backend.close()
  }

  @Test("Chance takes up to half of a pause, and no pause exceeds the longest")
  func pauses() {
    let policy = RetryConfiguration()
    #expect(policy.pause(beforeRetry: 1, random: 0.5) == .seconds(0.2 * 0.75))
    #expect(policy.pause(beforeRetry: 30, random: 0) == .seconds(5))
    #expect(policy.pause(beforeRetry: 2000, random: 1) == .seconds(2.5))
  }

  @Test("What waiting does not mend is not tried again and does not count")
  func otherErrors() async throws {
    let setting = try Setting()
    for kind in [SQLError.Kind.uniqueViolation, .corrupt, .other, .cancelled, .poolExhausted] {
      setting.flaky.fail(kind, times: 1)
      let tries = setting.flaky.tryCount
      let error = await #expect(throws: SQLError.self) { try await setting.read() }
      #expect(error?.kind == kind)
      #expect(setting.flaky.tryCount == tries + 1)
    }
    #expect(setting.backend.statistics.readBreaker?.failuresInARow == 0)
    #expect(setting.clock.slept.isEmpty)
    setting.backend.close()
  }

  @Test("A write that may have been applied is not tried again")
  func unknownOutcome() async throws {
    let setting = try Setting()
    let create = SQLStatement("CREATE TABLE t (x)")
    setting.flaky.fail(.unreachable, times: 1, mayHaveBeenApplied: true)
    await #expect(throws: SQLError.self) { try await setting.backend.write(create) }
    #expect(setting.flaky.tryCount == 1)
    setting.flaky.fail(.unreachable, times: 1)
    try await setting.backend.write(create)
    #expect(setting.flaky.tryCount == 3)
    setting.backend.close()
  }

  @Test("While writes are refused, reads go on; a minute later a write closes the breaker")
  func separate() async throws {
    let setting = try Setting(retries: .never)
    try await setting.backend.write(SQLStatement("CREATE TABLE t (x)"))
    let insert = SQLStatement("INSERT INTO t VALUES (1)")
    setting.flaky.fail(.busy, times: 5)
    for _ in 0..<5 {
      await #expect(throws: SQLError.self) { try await setting.backend.write(insert) }
    }
    let tries = setting.flaky.tryCount
    let refusal = await #expect(throws: SQLError.self) {
      try await setting.backend.write(insert)
    }
    #expect(refusal?.kind == .circuitOpen)
    #expect(setting.flaky.tryCount == tries)
    #expect(try await setting.read() == 1)
    #expect(setting.backend.statistics.writeBreaker?.state == .open)
    #expect(setting.backend.statistics.writeBreaker?.lastFailure?.kind == "busy")
    #expect(setting.backend.statistics.readBreaker?.state == .closed)
    setting.clock.advance(by: .seconds(60))
    for _ in 0..<2 { try await setting.backend.write(insert) }
    #expect(setting.backend.statistics.writeBreaker?.state == .closed)
    #expect(setting.backend.statistics.writes.count == 9)
    #expect(setting.backend.statistics.writes.failures == 6)
    setting.backend.close()
  }

  @Test("Retries stop at the breaker, not after it")
  func retriesStop() async throws {
    let setting = try Setting(retries: RetryConfiguration(retriesMax: 100))
    setting.flaky.fail(.inputOutput, times: 1000)
    let error = await #expect(throws: SQLError.self) { try await setting.read() }
    #expect(error?.kind == .circuitOpen)
    #expect(setting.flaky.tryCount == 5)
    setting.backend.close()
  }

  @Test("A lock that another process holds is an error of the kind busy, and is waited for again")
  func busy() async throws {
    let folder = try TemporaryFolder()
    let path = folder.file("s.db")
    // The pauses between tries take no time; the time-out of opening a connection does.
    var clock = StoreClock.system
    let pauses = Locked<[Duration]>([])
    clock.sleep = { duration in
      guard duration > .seconds(5) else { return pauses.withLock { $0.append(duration) } }
      try await Task.sleep(for: duration)
    }
    let store = try await DurableStore.open(
      path: path,
      configuration: DurableStoreConfiguration(busyTimeoutSeconds: 0.01, clock: clock))
    let other = try SQLiteConnection(
      path: path, role: .writer, busyTimeoutSeconds: 1, counters: StatementCounters())
    try other.script("BEGIN IMMEDIATE")
    let error = await #expect(throws: DurableStoreError.self) {
      try await store.insert([NewEpisode(Samples.episode("e"))])
    }
    guard case .database(let cause)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(cause.kind == .busy)
    #expect(pauses.withLock { $0.count } == 3)
    try other.script("ROLLBACK")
    other.close()
    try await store.insert([NewEpisode(Samples.episode("e"))])
    store.close()
  }
}
