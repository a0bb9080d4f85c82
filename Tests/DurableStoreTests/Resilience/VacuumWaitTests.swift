import Episodes
import Synchronization
import Testing

@testable import DurableStore

@Suite("Writes during a vacuum")
struct VacuumWaitTests {
  private struct Setting {
    let folder: TemporaryFolder
    let clock = ManualClock()
    let backend: SQLiteBackend

    init() async throws {
      folder = try TemporaryFolder()
      backend = try SQLiteBackend(
        path: folder.file("s.db"), busyTimeoutSeconds: 5,
        pool: PoolConfiguration(waitSecondsMax: 30, vacuumSecondsMax: 600),
        clock: clock.storeClock())
      try await backend.write(SQLStatement("CREATE TABLE t (x)"))
    }

    /// Asks for a write, and returns when it waits.
    func write() async -> Task<Void, any Error> {
      let waiting = backend.statistics.writer?.waiting ?? 0
      let backend = backend
      let task = Task { () throws -> Void in
        _ = try await backend.write(SQLStatement("INSERT INTO t VALUES (1)"))
      }
      #expect(await eventually { backend.statistics.writer?.waiting == waiting + 1 })
      return task
    }

    /// Lets time pass, so that whoever watches the line looks at it.
    func pass(_ seconds: Double) async {
      let sleeps = clock.slept.count
      _ = await eventually { clock.hasSleepers }
      clock.advance(by: .seconds(seconds))
      // Either it sleeps again, or nobody waits any more. It may have slept before it was asked.
      _ = await eventually(within: 5) {
        clock.slept.count > sleeps || backend.statistics.writer?.waiting == 0
      }
    }
  }

  @Test("A write waits for a vacuum longer than for other writes")
  func waits() async throws {
    let setting = try await Setting()
    let vacuum = await WriterHold(setting.backend, isVacuum: true)
    let write = await setting.write()
    await setting.pass(31)
    #expect(setting.backend.statistics.writer?.waiting == 1)
    try await vacuum.end()
    try await write.value
    #expect(setting.backend.statistics.writer?.timedOutCount == 0)
    setting.backend.close()
  }

  @Test("A write that a vacuum holds up for too long is told so")
  func told() async throws {
    let setting = try await Setting()
    let vacuum = await WriterHold(setting.backend, isVacuum: true)
    let write = await setting.write()
    await setting.pass(31)
    await setting.pass(600)
    let error = await #expect(throws: SQLError.self) { try await write.value }
    #expect(error?.kind == .poolExhausted)
    #expect(error?.message.hasPrefix("the store is being vacuumed, for 631 s now") == true)
    try await vacuum.end()
    setting.backend.close()
  }

  @Test("After a vacuum the time that a write waits counts again")
  func after() async throws {
    let setting = try await Setting()
    let vacuum = await WriterHold(setting.backend, isVacuum: true)
    let backend = setting.backend
    let other = Task { await WriterHold(backend) }
    _ = await eventually { setting.backend.writer.state.withLock { !$0.line.isEmpty } }
    let write = await setting.write()
    await setting.pass(100)
    try await vacuum.end()
    let hold = await other.value
    await setting.pass(29)
    #expect(setting.backend.statistics.writer?.waiting == 1)
    await setting.pass(2)
    let error = await #expect(throws: SQLError.self) { try await write.value }
    #expect(error?.message == "the writing connection did not become free in 30.0 s")
    try await hold.end()
    setting.backend.close()
  }

  /// Another connection with the lock for writing, as another process would hold it.
  private func lock(_ path: String, mark: String) throws -> SQLiteConnection {
    let other = try SQLiteConnection(
      path: path, role: .writer, busyTimeoutSeconds: 1, counters: StatementCounters())
    _ = try other.execute(
      SQLStatement(
        "INSERT OR REPLACE INTO store_properties (name, value) VALUES ('vacuum', ?1)",
        [.text(mark)]))
    try other.script("BEGIN IMMEDIATE")
    return other
  }

  private func open(_ path: String) async throws -> DurableStore {
    try await DurableStore.open(
      path: path,
      configuration: DurableStoreConfiguration(busyTimeoutSeconds: 0.01, retries: .never))
  }

  @Test("A write waits for the vacuum of another process beyond the busy time-out")
  func otherProcess() async throws {
    let folder = try TemporaryFolder()
    let path = folder.file("s.db")
    let store = try await open(path)
    let other = try lock(path, mark: SegmentPublisher.current.text)
    let write = Task { _ = try await store.insert([NewEpisode(Samples.episode("e"))]) }
    #expect(
      await eventually {
        store.file?.writer.state.withLock { $0.vacuumSince != nil } == true
      })
    try other.script("ROLLBACK")
    other.close()
    try await write.value
    #expect(store.file?.writer.state.withLock { $0.vacuumSince == nil } == true)
    store.close()
  }

  @Test("A store can be closed while another process vacuums it")
  func closing() async throws {
    let folder = try TemporaryFolder()
    let path = folder.file("s.db")
    let store = try await open(path)
    let other = try lock(path, mark: SegmentPublisher.current.text)
    let write = Task { _ = try await store.insert([NewEpisode(Samples.episode("e"))]) }
    #expect(
      await eventually {
        store.file?.writer.state.withLock { $0.vacuumSince != nil } == true
      })
    store.close()
    let error = await #expect(throws: DurableStoreError.self) { try await write.value }
    guard case .database(let cause)? = error else { return }
    #expect(cause.kind == .closed)
    try other.script("ROLLBACK")
    other.close()
  }

  @Test("The mark of a process that was killed while it vacuumed holds nobody up")
  func dead() async throws {
    let folder = try TemporaryFolder()
    let path = folder.file("s.db")
    let store = try await open(path)
    var process = SegmentPublisher.current
    process.startTicks = "1"
    let other = try lock(path, mark: process.text)
    let error = await #expect(throws: DurableStoreError.self) {
      try await store.insert([NewEpisode(Samples.episode("e"))])
    }
    guard case .database(let cause)? = error else { return }
    #expect(cause.kind == .busy)
    try other.script("ROLLBACK")
    other.close()
    // The next vacuum takes it away.
    _ = try await store.vacuum()
    #expect(
      try await store.read("SELECT count(*) FROM store_properties").firstInteger == 1)
    store.close()
  }
}
