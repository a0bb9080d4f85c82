import Engram
import EngramServer
import Episodes
import Foundation
import Glibc
import NIOCore
import NIOEmbedded
import Testing

@testable import EngramHTTP

@Suite("What clients may not do")
struct LimitTests {
  private static let lines = ["Content-Type": "application/x-ndjson"]

  @Test("bodies find room together, give it back, and are refused where there is none")
  func bodyRoom() throws {
    let room = BodyRoom(bytesMax: 100)
    do {
      let first = room.share()
      try first.grow(by: 60)
      try first.grow(by: 20)
      let second = room.share()
      #expect(throws: Problem.self) { try second.grow(by: 21) }
      try second.grow(by: 20)
      #expect(room.takenBytes == 100)
      try first.hold(5)
      #expect(room.takenBytes == 25)
      try second.grow(by: 70)
      withExtendedLifetime((first, second)) {}
    }
    #expect(room.takenBytes == 0)
  }

  @Test("a body that others leave no room for is refused for now, and nothing stays taken")
  func bodiesTogether() async throws {
    let settings = HTTPSettings.changed {
      $0.limits.bodyBytesMax = 400_000
      $0.limits.bodiesBytesMax = 400_000
    }
    try await TestServer.with(settings) { server in
      // Sends most of a body, and then nothing until the other has been refused.
      let (taken, first) = AsyncStream<Void>.makeStream()
      let slow = Task {
        let body = String(repeating: "x", count: 300_000)
        let head =
          "POST /v1/embed HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
          + "Content-Length: 390000\r\nConnection: close\r\n\r\n"
        return try await server.http.exchange(Array((head + body).utf8)) { _ in
          first.finish()
          return false
        }
      }
      var isTaken = false
      for _ in 0..<300 where !isTaken {
        let text = try await server.http.send("GET", "/metrics").text
        isTaken = text.contains("engram_http_body_bytes 300000")
        if !isTaken { try await Task.sleep(for: .milliseconds(20)) }
      }
      _ = taken
      #expect(isTaken)
      let long: JSONValue = ["text": .string(String(repeating: "y", count: 150_000))]
      let refused = try await server.http.send("POST", "/v1/embed", json: long)
      #expect(refused.status == 503, "\(refused.text)")
      #expect(refused.headers["retry-after"] == "1")
      // A small one finds room.
      let small = try await server.http.send("POST", "/v1/embed", json: ["text": "a task"])
      #expect(small.status == 200)
      slow.cancel()
      try await server.json("GET", "/v1/status")
    }
  }

  @Test(
    "a body that is cut off, or is no HTTP, is its client's fault",
    arguments: [
      "Content-Length: 60\r\n\r\n{\"query\": \"lo",
      "Transfer-Encoding: chunked\r\n\r\n5\r\n{\"que\r\n",
      "Transfer-Encoding: chunked\r\n\r\nzz\r\n{\"query\": \"a\"}\r\n0\r\n\r\n",
    ])
  func brokenBodies(rest: String) async throws {
    try await TestServer.with { server in
      for (path, type) in [
        ("/v1/search", "application/json"), ("/v1/import", "application/x-ndjson"),
      ] {
        let head = "POST \(path) HTTP/1.1\r\nHost: localhost\r\nContent-Type: \(type)\r\n"
        // The connection is half closed: who sent it still reads.
        let bytes = try await HalfClosing.exchange(
          Array((head + rest).utf8), port: server.http.port)
        // Bytes behind what is no HTTP are not read: the system may then reset the connection before the answer
        // is there. In all other cases the client is told.
        if bytes.isEmpty, rest.contains("zz") { continue }
        let status = bytes.isEmpty ? nil : try RawHTTP.reply(bytes).status
        #expect(status == 400, "\(path): \(String(decoding: bytes, as: UTF8.self))")
      }
      let metrics = try await server.http.send("GET", "/metrics").text
      #expect(!metrics.contains("status=\"500\""), "\(metrics)")
    }
  }

  @Test("line numbers of an import count the lines that are empty")
  func emptyLines() async throws {
    try await TestServer.with { server in
      let body = "\n{\"id\":\"a\",\"taskDescription\":\"one\"}\n\r\n  \n\n{\"task\":\"y\"}\n"
      let reply = try await server.http.send(
        "POST", "/v1/import", body: Array(body.utf8), headers: Self.lines)
      #expect(reply.status == 400)
      #expect(reply.message.contains("line 6: "), "\(reply.text)")
    }
  }

  @Test("of the problems of an import the first are told, and the rest counted")
  func problems() async throws {
    try await TestServer.with { server in
      let body = (1...130).map { number in
        #"{"relationship":{"id":"r\#(number)","from":"none","to":"nobody","kind":"follows","#
          + #""createdAt":"2026-03-02T09:14:05Z"}}"# + "\n"
      }.joined()
      let reply = try await server.http.send(
        "POST", "/v1/import", body: Array(body.utf8), headers: Self.lines)
      #expect(reply.status == 200, "\(reply.text)")
      #expect(reply.json["problems"]?.list?.count == 100)
      #expect(reply.json["problemsLeftOut"] == 30)
    }
  }

  @Test(
    "times are told as on the command line",
    arguments: [
      "1y", "yesterday", "today", "now", "7d", "2026-03-02", "2026-03-02T09:14:05Z",
    ])
  func moments(text: String) async throws {
    try await TestServer.with { server in
      try await server.json("GET", "/v1/episodes?since=\(text)")
      try await server.json("POST", "/v1/search", ["query": "a task", "since": .string(text)])
      let wrong = try await server.http.send("GET", "/v1/episodes?since=last-\(text)x")
      #expect(wrong.status == 400 && wrong.message.contains("yesterday"), "\(wrong.text)")
    }
  }

  @Test("what is wrong is told without the names of tools, of which only agents know")
  func words() async throws {
    try await TestServer.with { server in
      let names = Operations.all.map(\.tool.name)
      for (method, path, body) in [
        ("GET", "/v1/episodes/none", nil), ("GET", "/v1/episodes?limt=3", nil),
        ("POST", "/v1/search", ["qery": "x"]), ("POST", "/v1/search", [:]),
        ("GET", "/v1/patterns/none", nil), ("GET", "/v1/patterns/none/history", nil),
        ("POST", "/v1/episodes/forget", ["episodeIDs": []]),
        ("POST", "/v1/recommendations/none/feedback", ["patternID": "p", "effect": "helped"]),
        ("PATCH", "/v1/episodes/none", ["taskDescription": "x"]),
      ] as [(String, String, JSONValue?)] {
        let reply = try await server.http.send(method, path, json: body)
        #expect((400..<500).contains(reply.status), "\(path): \(reply.text)")
        for name in names where name.contains("_") {
          #expect(!reply.message.contains(name), "\(path): \(reply.message)")
        }
      }
    }
  }

  @Test("a full table of sessions gives up one that is idle, and none that is at work")
  func sessions() async throws {
    let home = NSTemporaryDirectory() + "engram-http-tests-" + UUID().uuidString
    let gate = MemoryGate(MemoryConfiguration(home: Home(path: home)))
    var limits = HTTPLimits()
    limits.sessionsMax = 2
    let sessions = MCPSessions(server: MCPServer(gate: gate, version: "1"), limits: limits)
    let atWork = try sessions.open()
    let idle = try sessions.open()
    #expect(throws: Problem.self) { try sessions.open() }
    idle.finish()
    let third = try sessions.open()
    #expect(sessions.find(idle.id) == nil)
    #expect(sessions.find(atWork.id) === atWork)
    // Found, it is at work twice.
    atWork.finish()
    third.finish()
    let fourth = try sessions.open()
    #expect(sessions.find(third.id) == nil)
    atWork.finish()
    #expect(atWork.openStream() != nil)
    #expect(throws: Problem.self) { try sessions.open() }
    atWork.closeStream()
    _ = try sessions.open()
    #expect(sessions.find(atWork.id) == nil)
    #expect(sessions.find(fourth.id) === fourth)
    sessions.endAll()
  }

  @Test("a client that takes nothing of its answer is given up, and one that reads slowly is not")
  func stalledReaders() throws {
    let stalled = EmbeddedChannel(handler: StalledReaderHandler(seconds: 10))
    try stalled.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    stalled.isWritable = false
    stalled.pipeline.fireChannelWritabilityChanged()
    stalled.embeddedEventLoop.advanceTime(by: .seconds(9))
    #expect(stalled.isActive)
    stalled.embeddedEventLoop.advanceTime(by: .seconds(2))
    #expect(!stalled.isActive)

    let reading = EmbeddedChannel(handler: StalledReaderHandler(seconds: 10))
    try reading.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    for isWritable in [false, true, false, true] {
      reading.isWritable = isWritable
      reading.pipeline.fireChannelWritabilityChanged()
      reading.embeddedEventLoop.advanceTime(by: .seconds(8))
      #expect(reading.isActive)
    }
    reading.embeddedEventLoop.advanceTime(by: .seconds(60))
    #expect(reading.isActive)
    _ = try? reading.finish()
  }

  @Test("an export to a client that stopped reading ends, and its place is free again")
  func stalledExport() async throws {
    try await TestServer.with(.changed { $0.limits.stallSeconds = 0.5 }) { server in
      let text = String(repeating: "x", count: 9000)
      let body = (1...1200).map { #"{"taskDescription":"\#($0) \#(text)"}"# + "\n" }.joined()
      let stored = try await server.http.send(
        "POST", "/v1/import", body: Array(body.utf8), headers: Self.lines)
      #expect(stored.status == 200, "\(stored.text)")
      // Both places are taken by those who do not read.
      let clients = try (0..<2).map { _ in
        try HalfClosing.open(
          Array("GET /v1/export HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8), port: server.http.port)
      }
      defer { for client in clients { close(client) } }
      var status = 0
      for _ in 0..<200 where status != 200 {
        let reply = try await server.http.send("GET", "/v1/export")
        status = reply.isWhole ? reply.status : 0
        if status != 200 { try await Task.sleep(for: .milliseconds(100)) }
      }
      #expect(status == 200)
    }
  }

  @Test("What went through although its time was over is told as done")
  func late() async throws {
    let done = try await withTimeLimit(seconds: 0.05) {
      // As a copy of a file does: cancelled or not, it comes to its end.
      await withCheckedContinuation { continuation in
        DispatchQueue.global().asyncAfter(deadline: .now() + 0.5) { continuation.resume() }
      }
      return "done"
    }
    #expect(done == "done")
    let over = await #expect(throws: Problem.self) {
      try await withTimeLimit(seconds: 0.05) { try await Task.sleep(for: .seconds(60)) }
    }
    #expect(over?.code == "timeOut")
  }
}
