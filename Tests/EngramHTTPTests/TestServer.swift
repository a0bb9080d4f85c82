import Dispatch
import Engram
import EngramServer
import Episodes
import Foundation
import Sync
import TestSupport
import Testing

@testable import EngramHTTP

/// A server on a home of its own, and on a port that was free.
struct TestServer: Sendable {
  let http: RawHTTP
  let gate: MemoryGate

  /// Runs `body` with a server whose model is loaded, and ends it.
  ///
  /// - Parameters:
  ///   - modelGate: what the embedder waits for when it is made; the model is not waited for then.
  ///   - backupFolder: where clients may have backups made.
  static func with(
    _ settings: HTTPSettings = .changed { _ in }, modelGate: DispatchSemaphore? = nil,
    backupFolder: String? = nil,
    _ body: (TestServer) async throws -> Void
  ) async throws {
    let home = NSTemporaryDirectory() + "engram-http-tests-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: home) }
    var configuration = MemoryConfiguration(
      home: Home(path: home),
      embedder: {
        modelGate?.wait()
        return WordEmbedder()
      })
    configuration.cache.addressSpaceBytes = 1 << 32
    configuration.sync.searchWaitSecondsMax = 120
    configuration.learning.isAutomatic = false
    let gate = MemoryGate(configuration)
    let (ports, told) = AsyncStream<Int>.makeStream()
    let server = EngramHTTPServer(
      mcp: MCPServer(gate: gate, version: "1.2.3", backupFolder: backupFolder), settings: settings
    ) { told.yield($0) }
    let running = Task {
      defer { told.finish() }
      try await server.run()
    }
    var port: Int?
    for await found in ports {
      port = found
      break
    }
    let result: Result<Void, any Error>
    do {
      let http = RawHTTP(port: try #require(port))
      _ = try await gate.memory()
      if modelGate == nil { try await gate.waitForModel() }
      try await body(TestServer(http: http, gate: gate))
      result = .success(())
    } catch {
      result = .failure(error)
    }
    running.cancel()
    _ = await running.result
    await gate.close()
    try result.get()
  }

  /// The JSON of an answer that must have a status.
  @discardableResult
  func json(
    _ method: String, _ path: String, _ body: JSONValue? = nil, status: Int = 200,
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> JSONValue {
    let reply = try await http.send(method, path, json: body)
    #expect(
      reply.status == status, "\(method) \(path): \(reply.text)", sourceLocation: sourceLocation)
    #expect(reply.isWhole, sourceLocation: sourceLocation)
    return reply.json
  }
}

extension HTTPSettings {
  /// Settings with a port that is free, changed.
  static func changed(_ change: (inout HTTPSettings) -> Void) -> HTTPSettings {
    var settings = HTTPSettings(port: 0)
    change(&settings)
    return settings
  }
}
