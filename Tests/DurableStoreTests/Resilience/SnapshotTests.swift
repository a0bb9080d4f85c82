import Episodes
import Testing

@testable import DurableStore

@Suite("Reads on a snapshot")
struct SnapshotTests {
  private struct Setting {
    let folder: TemporaryFolder
    let clock = ManualClock()
    let flaky: FlakyBackend
    let store: DurableStore

    init() async throws {
      folder = try TemporaryFolder()
      let path = folder.file("s.db")
      flaky = FlakyBackend(try SQLiteBackend(path: path, busyTimeoutSeconds: 1))
      let backend = ResilientBackend(
        flaky, breaker: CircuitBreakerConfiguration(), retries: RetryConfiguration(),
        clock: clock.storeClock(sleeping: false))
      store = try await DurableStore(backend: backend, migrator: Migrator(path: path))
      try await store.insert((0..<3).map { NewEpisode(Samples.episode("e\($0)")) })
    }

    var snapshots: OperationStatistics { store.backend.statistics.snapshots }
    var breaker: CircuitBreakerReport? { store.backend.statistics.readBreaker }
  }

  @Test("A query by filter is tried again, as other reads are, and counted")
  func query() async throws {
    let setting = try await Setting()
    // As it begins, and when half of it has been read.
    setting.flaky.fail(.busy, times: 1)
    setting.flaky.failSnapshotReads(after: 1, times: 1)
    let page = try await setting.store.episodes(matching: EpisodeFilter(), limit: 5)
    #expect(page.episodes.count == 3)
    #expect(setting.clock.slept == [.seconds(0.1), .seconds(0.2)])
    #expect(setting.snapshots.count == 1)
    #expect(setting.snapshots.retries == 2)
    #expect(setting.snapshots.failures == 0)
    #expect(setting.breaker?.failuresInARow == 0)
    #expect(setting.breaker?.lastFailure?.kind == "inputOutput")
    setting.store.close()
  }

  @Test("Queries by filter that keep failing open the breaker")
  func breaker() async throws {
    let setting = try await Setting()
    setting.flaky.failSnapshotReads(after: 0, times: 100)
    for _ in 0..<2 {
      await #expect(throws: DurableStoreError.self) {
        try await setting.store.episodes(matching: EpisodeFilter(), limit: 5)
      }
    }
    #expect(setting.breaker?.state == .open)
    #expect(setting.snapshots.failures == 2)
    setting.store.close()
  }

  @Test("An export is tried again until it has handed over a record, and never after")
  func export() async throws {
    for (working, succeeds) in [(0, true), (2, true), (5, false)] {
      let setting = try await Setting()
      // The first two reads find no heuristics and no patterns, the next three find episodes.
      setting.flaky.failSnapshotReads(after: working, times: 1)
      let records = Locked(0)
      do {
        try await setting.store.export { _ in records.withLock { $0 += 1 } }
        #expect(succeeds, "\(working)")
      } catch let error as DurableStoreError {
        #expect(!succeeds, "\(working)")
        guard case .database(let cause) = error else {
          Issue.record(error)
          continue
        }
        #expect(cause.kind == .inputOutput)
      }
      #expect(records.withLock { $0 } == 3, "each record once, \(working)")
      #expect(setting.snapshots.retries == (succeeds ? 1 : 0), "\(working)")
      setting.store.close()
    }
  }

  @Test("An error of the one who reads is no failure of the store, and is not tried again")
  func ownError() async throws {
    struct Enough: Error {}
    let setting = try await Setting()
    let calls = Locked(0)
    await #expect(throws: Enough.self) {
      try await setting.store.export { _ in
        calls.withLock { $0 += 1 }
        throw Enough()
      }
    }
    #expect(calls.withLock { $0 } == 1)
    #expect(setting.breaker?.failuresInARow == 0)
    #expect(setting.snapshots.retries == 0)
    setting.store.close()
  }

  @Test("A snapshot that a failed read has ended does not go on with another moment")
  func ended() async throws {
    let folder = try TemporaryFolder()
    let disk = FaultyDisk(folder: folder.path)
    let backend = try SQLiteBackend(path: folder.file("s.db"), busyTimeoutSeconds: 1)
    try await backend.write(SQLStatement("CREATE TABLE t (x)"))
    for _ in 0..<40 {
      try await backend.write(SQLStatement("INSERT INTO t VALUES (randomblob(3000))"))
    }
    let count = SQLStatement("SELECT count(*), sum(length(x)) FROM t")
    let lost = await #expect(throws: SQLError.self) {
      try await backend.withSnapshot { snapshot in
        disk.arm(.failedRead, after: 0)
        do throws(SQLError) {
          _ = try await snapshot.read([count])
          Issue.record("no read failed")
        } catch {
          #expect(error.kind == .inputOutput)
        }
        try await backend.write(SQLStatement("INSERT INTO t VALUES (1)"))
        _ = try await snapshot.read([count])
      }
    }
    #expect(lost?.message == "a read that failed before has ended the snapshot")
    #expect(try await backend.read(count).firstInteger == 41)
    backend.close()
  }
}
