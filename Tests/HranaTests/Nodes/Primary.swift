import DurableStore
import Foundation
import GRDBSQLite
import HranaSessions
import HranaTestSupport
import Synchronization

/// The durable store of several nodes behind a libSQL server, which can be stopped and started again.
final class Primary: Sendable {
  let folder: String
  let port: Int
  private let running: Mutex<Running?>

  private struct Running {
    var service: HranaService
    var task: Task<Void, any Error>
  }

  var path: String { folder + "/primary.db" }

  /// A new store, and its server.
  static func start() async throws -> Primary {
    let folder = NSTemporaryDirectory() + "engram-nodes-tests-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let path = folder + "/primary.db"
    try await DurableStore.open(path: path).close()
    let (port, running) = try await serve(path, port: 0)
    return Primary(folder: folder, port: port, running: running)
  }

  private init(folder: String, port: Int, running: Running) {
    self.folder = folder
    self.port = port
    self.running = Mutex(running)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  private static func serve(_ path: String, port: Int) async throws -> (Int, Running) {
    var limits = HranaLimits()
    limits.busySeconds = 30
    let service = HranaService(path: path, keptByTriggers: ["changes"], limits: limits)
    let (ports, told) = AsyncStream<Int>.makeStream()
    let server = HranaServer(
      service: service, port: port, access: { _ in .readWrite }, onRunning: { told.yield($0) })
    let task = Task {
      defer { told.finish() }
      try await server.run()
    }
    for await found in ports { return (found, Running(service: service, task: task)) }
    // It ended before it began.
    try await task.value
    throw CancellationError()
  }

  /// Ends the server; requests get no answer from then on.
  func stop() async {
    let running = self.running.withLock { running in
      defer { running = nil }
      return running
    }
    running?.task.cancel()
    _ = await running?.task.result
    running?.service.close()
  }

  /// Starts the server where it was.
  func resume() async throws {
    let running = try await Self.serve(path, port: port).1
    self.running.withLock { $0 = running }
  }

  /// Runs `body` on the file of the store, beside the server.
  func withStore<Value>(_ body: (DurableStore) async throws -> Value) async throws -> Value {
    let store = try await DurableStore.open(path: path)
    defer { store.close() }
    return try await body(store)
  }
}

extension Primary {
  /// Makes zeros of every chunk of the index.
  func damageChunks() throws {
    try run("UPDATE segment_chunks SET data = zeroblob(length(data))")
  }

  /// Runs SQL on the file.
  private func run(_ sql: String) throws {
    var handle: OpaquePointer?
    defer { sqlite3_close_v2(handle) }
    guard sqlite3_open(path, &handle) == SQLITE_OK,
      sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK
    else { throw CocoaError(.fileWriteUnknown) }
  }
}
