import Dispatch
import Engram
import EngramServer
import Episodes
import Foundation
import Hrana
import HranaSessions
import Logging
import ServiceLifecycle
import TestSupport
import Testing

@testable import EngramHTTP

@Suite("SQL beside the API")
struct HranaTests {
  /// An empty database, and the server's settings for it.
  private final class Database: Sendable {
    let folder: String
    var path: String { folder + "/test.db" }

    init() throws {
      folder = NSTemporaryDirectory() + "engram-http-hrana-" + UUID().uuidString
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      _ = FileManager.default.createFile(atPath: path, contents: nil)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func settings(_ change: (inout HTTPSettings) -> Void) -> HTTPSettings {
      var limits = HranaLimits()
      limits.idleSeconds = 120
      limits.transactionSeconds = 120
      var settings = HTTPSettings(port: 0)
      settings.hrana = HranaSettings(databasePath: path, limits: limits)
      change(&settings)
      return settings
    }

    /// Whether somebody else can write.
    func isFree() async throws -> Bool {
      var limits = HranaLimits()
      limits.busySeconds = 0.1
      let service = HranaService(path: path, limits: limits)
      defer { service.close() }
      let answer = try await service.pipeline(
        HranaPipelineRequest([.execute(HranaStatement("INSERT INTO t VALUES (1)")), .close]),
        access: .readWrite)
      if case .ok = answer.results[0] { return true }
      return false
    }
  }

  private static func pipeline(_ statements: String...) -> JSONValue {
    let requests = statements.map { sql -> JSONValue in
      ["type": "execute", "stmt": ["sql": .string(sql)]]
    }
    return ["requests": .array(requests)]
  }

  /// The beginning of a request whose body is so long, and never comes to its end.
  private static func beginning(_ path: String, sent: Int, of length: Int) -> [UInt8] {
    let head =
      "POST \(path) HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
      + "Content-Length: \(length)\r\nConnection: close\r\n\r\n"
    return Array((head + String(repeating: "x", count: sent)).utf8)
  }

  private static func waitForBodies(_ count: Int, _ http: RawHTTP) async throws -> Bool {
    for _ in 0..<300 {
      let text = try await http.send("GET", "/metrics").text
      if text.contains("engram_http_body_bytes \(count)\n") { return true }
      try await Task.sleep(for: .milliseconds(20))
    }
    return false
  }

  @Test("bodies with SQL count among those of all requests, and have as long to come")
  func bodies() async throws {
    let database = try Database()
    let settings = database.settings {
      $0.limits.bodyBytesMax = 400_000
      $0.limits.bodiesBytesMax = 400_000
      $0.limits.requestSeconds = 20
    }
    try await TestServer.with(settings) { server in
      let slow = Task {
        try await server.http.exchange(Self.beginning("/v2/pipeline", sent: 300_000, of: 390_000))
      }
      #expect(try await Self.waitForBodies(300_000, server.http))
      let long = String(repeating: "y", count: 150_000)
      let refused = try await server.http.send(
        "POST", "/v2/pipeline", json: Self.pipeline("SELECT '\(long)'"))
      #expect(refused.status == 503, "\(refused.text)")
      #expect(refused.json["code"] == "SERVER_BUSY")
      #expect(refused.headers["retry-after"] == "1")
      let small = try await server.http.send(
        "POST", "/v2/pipeline", json: Self.pipeline("SELECT 1"))
      #expect(small.status == 200, "\(small.text)")
      let tooLong = String(repeating: "z", count: 400_000)
      let refusal = try await server.http.send(
        "POST", "/v2/pipeline", json: Self.pipeline("SELECT '\(tooLong)'"))
      #expect(refusal.status == 413 && refusal.json["code"] == "REQUEST_TOO_LARGE")
      let late = try RawHTTP.reply(try await slow.value)
      #expect(late.status == 504 && late.json["code"] == "REQUEST_TIMEOUT", "\(late.text)")
      #expect(try await Self.waitForBodies(0, server.http))
    }
  }

  @Test("the body of a cursor counts until its rows are taken or given up")
  func cursorBodies() async throws {
    let database = try Database()
    try await TestServer.with(database.settings { _ in }) { server in
      let endless =
        "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) "
        + "SELECT zeroblob(1000) FROM c -- " + String(repeating: "x", count: 100_000)
      let step: JSONValue = ["stmt": ["sql": .string(endless)]]
      let body = JSONWriter.text(of: ["batch": ["steps": [step]]])
      let request =
        "POST /v3/cursor HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        + "Content-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n" + body
      let (answers, answered) = AsyncStream<String>.makeStream()
      let isSeen = DispatchSemaphore(value: 0)
      let client = Task {
        defer { answered.finish() }
        return try await server.http.exchange(Array(request.utf8)) { received in
          if received.isEmpty { return false }
          // Takes no more, and goes away once that was looked at.
          answered.yield(String(decoding: received.prefix(12), as: UTF8.self))
          isSeen.wait()
          return true
        }
      }
      var status: String?
      for await answer in answers {
        status = answer
        break
      }
      #expect(status == "HTTP/1.1 200")
      let metrics = try await server.http.send("GET", "/metrics").text
      #expect(metrics.contains("engram_http_body_bytes \(body.utf8.count)\n"))
      isSeen.signal()
      _ = try await client.value
      #expect(try await Self.waitForBodies(0, server.http))
    }
  }

  @Test("a transaction is undone when the server is told to stop, whatever it still answers")
  func shutdown() async throws {
    let database = try Database()
    var configuration = MemoryConfiguration(
      home: Home(path: database.folder + "/home"), embedder: { WordEmbedder() })
    configuration.cache.addressSpaceBytes = 1 << 32
    configuration.learning.isAutomatic = false
    let gate = MemoryGate(configuration)
    let (ports, told) = AsyncStream<Int>.makeStream()
    let server = EngramHTTPServer(
      mcp: MCPServer(gate: gate, version: "1"), settings: database.settings { _ in }
    ) { told.yield($0) }
    let group = ServiceGroup(services: [server], logger: Logger(label: "engram.tests"))
    let running = Task {
      defer { told.finish() }
      try await group.run()
    }
    var found: Int?
    for await port in ports {
      found = port
      break
    }
    let http = RawHTTP(port: try #require(found))
    let begun = try await http.send(
      "POST", "/v2/pipeline", json: Self.pipeline("CREATE TABLE t (x)", "BEGIN IMMEDIATE"))
    #expect(begun.json["baton"]?.string != nil, "\(begun.text)")
    #expect(try await database.isFree() == false)
    let slow = Task { try await http.exchange(Self.beginning("/v1/search", sent: 100, of: 200)) }
    #expect(try await Self.waitForBodies(100, http))
    await group.triggerGracefulShutdown()
    var isFree = false
    for _ in 0..<40 where !isFree {
      isFree = try await database.isFree()
      if !isFree { try await Task.sleep(for: .milliseconds(100)) }
    }
    #expect(isFree)
    running.cancel()
    _ = await running.result
    _ = await slow.result
    await gate.close()
  }
}
