import Foundation
import HranaSessions
import HranaTestSupport
import RemoteStore

@testable import DurableStore

/// With ENGRAM_TEST_STORE=remote the suites run against a database elsewhere: the project's own server, on loopback.
enum TestStore {
  static let isRemote = ProcessInfo.processInfo.environment["ENGRAM_TEST_STORE"] == "remote"
  /// Whether tests of the file itself, and of what only a local store does, are run.
  static let isLocal = !isRemote
}

/// A server of one database file, until it is ended.
struct RemoteTestServer {
  let url: String
  private let running: Task<Void, any Error>
  private let service: HranaService

  /// - Parameter path: the file; made if it is missing.
  init(path: String) async throws {
    if !FileManager.default.fileExists(atPath: path) {
      // As the durable store makes it.
      try SQLiteConnection(
        path: path, role: .writer, busyTimeoutSeconds: 10, counters: StatementCounters()
      ).script("PRAGMA journal_mode = WAL")
    }
    let service = HranaService(path: path, keptByTriggers: ["changes"])
    let (ports, told) = AsyncStream<Int>.makeStream()
    let server = HranaServer(
      service: service, access: { _ in .readWrite }, onRunning: { told.yield($0) })
    running = Task {
      defer { told.finish() }
      try await server.run()
    }
    var found = 0
    for await port in ports {
      found = port
      break
    }
    self.service = service
    url = "http://127.0.0.1:\(found)"
  }

  func open(
    _ configuration: DurableStoreConfiguration = DurableStoreConfiguration()
  ) async throws -> DurableStore {
    try await DurableStore.open(
      remote: RemoteStoreConfiguration(url: DatabaseURL(url), token: .none),
      configuration: configuration)
  }

  func end() async {
    running.cancel()
    _ = await running.result
    service.close()
  }
}
