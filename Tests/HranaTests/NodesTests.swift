import DurableStore
import Engram
import Episodes
import Foundation
import Hrana
import HranaSessions
import HranaTestSupport
import RemoteStore
import Sync
import TestSupport
import Testing

@Suite("Nodes with one store")
struct NodesTests {
  /// A node with a home of its own on the store at a port.
  private func configuration(_ home: String, port: Int) -> MemoryConfiguration {
    var configuration = MemoryConfiguration(home: Home(path: home), embedder: { WordEmbedder() })
    configuration.cache.addressSpaceBytes = 1 << 32
    configuration.sync.searchWaitSecondsMax = 120
    // Each search asks.
    configuration.sync.stalenessSeconds = 0
    configuration.learning.isAutomatic = false
    configuration.store.retries = .never
    configuration.openStore = { store in
      try await DurableStore.open(
        remote: RemoteStoreConfiguration(
          url: DatabaseURL("http://127.0.0.1:\(port)"), token: .none),
        configuration: store)
    }
    return configuration
  }

  private func hits(_ memory: Memory, _ query: String) async throws -> Set<String> {
    Set(try await memory.search(SearchRequest(query, limit: 10)).hits.map(\.episode.id))
  }

  @Test("An address that leads to an empty database makes no memory in it where there is a cache")
  func wrongAddress() async throws {
    let (right, wrong) = (try Database(), try Database())
    for database in [right, wrong] { try database.run("DROP TABLE things") }
    try await right.withServer { port in
      let memory = try await Memory.open(configuration(right.folder + "/home", port: port))
      _ = try await memory.startEpisode(NewTask("Fix the printer driver"))
      await memory.close()
    }
    try await wrong.withServer { port in
      let memory = try await Memory.open(configuration(right.folder + "/home", port: port))
      #expect(memory.syncHealth.isStoreAway)
      #expect(memory.syncHealth.problem?.contains("is its address right") == true)
      #expect(try await hits(memory, "printer").count == 1, "from the cache")
      await memory.close()
      let tables = try await wrong.execute("SELECT count(*) FROM sqlite_schema")
      #expect(tables.rows == [[.integer(0)]])
      // A home without a cache makes one.
      let new = try await Memory.open(configuration(wrong.folder + "/home", port: port))
      #expect(!new.syncHealth.isStoreAway)
      await new.close()
    }
  }

  @Test(
    "What one node writes the other finds, each at once; without the store both serve their caches")
  func twoNodes() async throws {
    let database = try Database { $0.busySeconds = 30 }
    let (ports, told) = AsyncStream<Int>.makeStream()
    let server = HranaServer(
      service: database.service, access: { _ in .readWrite }, onRunning: { told.yield($0) })
    try database.run("DROP TABLE things")
    let running = Task { try await server.run() }
    var port = 0
    for await found in ports {
      port = found
      break
    }
    let first = try await Memory.open(configuration(database.folder + "/first", port: port))
    let second = try await Memory.open(configuration(database.folder + "/second", port: port))
    let one = try await first.startEpisode(NewTask("Fix the printer driver")).id
    #expect(try await hits(first, "printer driver") == [one])
    #expect(try await hits(second, "printer driver") == [one])
    let two = try await second.startEpisode(NewTask("Fix the printer cable")).id
    #expect(try await hits(first, "printer cable") == [one, two])
    try await first.deleteEpisode(one)
    #expect(try await hits(second, "printer") == [two])
    _ = try await second.buildIndex()
    #expect(try await hits(first, "printer") == [two])

    running.cancel()
    _ = await running.result
    #expect(try await hits(first, "printer") == [two])
    #expect(first.syncHealth.isStoreAway)
    let error = await #expect(throws: EngramError.self) {
      _ = try await first.startEpisode(NewTask("Another"))
    }
    #expect(error?.code == .storeAway)
    await first.close()
    await second.close()
  }
}
