import Engram
import EngramServer
import Episodes
import Foundation
import Testing

@testable import EngramHTTP

@Suite("The model context protocol over HTTP")
struct MCPEndpointTests {
  private static let accept = ["Accept": "application/json, text/event-stream"]

  private static func request(
    _ method: String, _ params: [String: JSONValue] = [:], isStateless: Bool = false,
    id: JSONValue = 1
  ) -> JSONValue {
    var params = params
    if isStateless {
      params["_meta"] = [
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": [:],
      ]
    }
    return [
      "jsonrpc": "2.0", "id": id, "method": .string(method), "params": .object(params),
    ]
  }

  private static func post(
    _ server: TestServer, _ message: JSONValue, _ headers: [String: String] = [:]
  ) async throws -> RawHTTP.Reply {
    try await server.http.send(
      "POST", "/mcp", json: message, headers: accept.merging(headers) { $1 })
  }

  private static func open(_ server: TestServer) async throws -> [String: String] {
    let reply = try await post(
      server,
      request(
        "initialize",
        [
          "protocolVersion": "2025-11-25", "capabilities": [:],
          "clientInfo": ["name": "t", "version": "1"],
        ]))
    #expect(reply.status == 200)
    #expect(reply.json["result"]?["protocolVersion"] == "2025-11-25")
    return [
      "Mcp-Session-Id": try #require(reply.headers["mcp-session-id"]),
      "MCP-Protocol-Version": "2025-11-25",
    ]
  }

  @Test("the older era has sessions, which their clients name and end")
  func sessions() async throws {
    try await TestServer.with { server in
      let session = try await Self.open(server)
      let note = try await Self.post(
        server, ["jsonrpc": "2.0", "method": "notifications/initialized"], session)
      #expect(note.status == 202 && note.body.isEmpty)
      let ping = try await Self.post(server, Self.request("ping"), session)
      #expect(ping.json["result"] == .object([:]))
      let unknown = try await Self.post(server, Self.request("tools/frobnicate"), session)
      // A 404 would say that the session has ended.
      #expect(unknown.status == 200)
      #expect(unknown.json["error"]?["code"] == -32601)
      #expect(try await Self.post(server, Self.request("ping")).status == 400)
      let other = try await Self.post(
        server, Self.request("ping"), ["Mcp-Session-Id": "0123456789abcdef"])
      #expect(other.status == 404)
      let version = try await Self.post(
        server, Self.request("ping"), session.merging(["MCP-Protocol-Version": "1999-01-01"]) { $1 }
      )
      #expect(version.status == 400)
      let ended = try await server.http.send("DELETE", "/mcp", headers: session)
      #expect(ended.status == 204)
      #expect(try await Self.post(server, Self.request("ping"), session).status == 404)
    }
  }

  @Test("the newer era needs none, and its headers say what its messages say")
  func stateless() async throws {
    try await TestServer.with { server in
      let headers = ["MCP-Protocol-Version": "2026-07-28", "Mcp-Method": "server/discover"]
      let found = try await Self.post(
        server, Self.request("server/discover", isStateless: true), headers)
      #expect(found.status == 200)
      #expect(found.json["result"]?["supportedVersions"] == ["2026-07-28"])
      #expect(found.headers["mcp-session-id"] == nil)
      let call = Self.request(
        "tools/call", ["name": "memory_status", "arguments": [:]], isStateless: true)
      let cases: [([String: String], Int, JSONValue)] = [
        (["MCP-Protocol-Version": "2026-07-28"], 400, -32020),
        (["MCP-Protocol-Version": "2026-07-28", "Mcp-Method": "tools/list"], 400, -32020),
        (["MCP-Protocol-Version": "2026-07-28", "Mcp-Method": "tools/call"], 400, -32020),
        (
          [
            "MCP-Protocol-Version": "2026-07-28", "Mcp-Method": "tools/call", "Mcp-Name": "forget",
          ], 400, -32020
        ),
        (["Mcp-Method": "tools/call", "Mcp-Name": "memory_status"], 400, -32020),
        (["MCP-Protocol-Version": "2099-01-01"], 400, -32022),
      ]
      for (headers, status, code) in cases {
        let reply = try await Self.post(server, call, headers)
        #expect(reply.status == status, "\(headers)")
        #expect(reply.json["error"]?["code"] == code, "\(headers): \(reply.text)")
      }
      for name in ["memory_status", "=?base64?bWVtb3J5X3N0YXR1cw==?="] {
        let reply = try await Self.post(
          server, call,
          [
            "MCP-Protocol-Version": "2026-07-28", "Mcp-Method": "tools/call", "Mcp-Name": name,
          ])
        #expect(reply.json["result"]?["isError"] == .bool(false), "\(reply.text)")
      }
      let unknown = try await Self.post(
        server, Self.request("ping", isStateless: true),
        ["MCP-Protocol-Version": "2026-07-28", "Mcp-Method": "ping"])
      #expect(unknown.status == 404)
      let get = try await server.http.send(
        "GET", "/mcp", headers: ["MCP-Protocol-Version": "2026-07-28"])
      #expect(get.status == 405)
      let broken = try await server.http.send(
        "POST", "/mcp", body: Array("{".utf8), headers: ["Content-Type": "application/json"])
      #expect(broken.status == 400)
      #expect(broken.json["error"]?["code"] == -32700)
    }
  }

  @Test("what a session subscribed to comes on its stream", arguments: [false, true])
  func streams(isStateless: Bool) async throws {
    try await TestServer.with { server in
      let memory = try await server.gate.memory()
      let episode = try await memory.startEpisode(NewTask("watch me"))
      let uri = "engram://episode/\(episode.id)"
      var head: String
      var body: [UInt8] = []
      if isStateless {
        let listen = Self.request(
          "subscriptions/listen", ["notifications": ["resourceSubscriptions": [.string(uri)]]],
          isStateless: true)
        body = Array(JSONWriter.text(of: listen).utf8)
        head =
          "POST /mcp HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: \(body.count)\r\n"
          + "MCP-Protocol-Version: 2026-07-28\r\nMcp-Method: subscriptions/listen\r\n"
      } else {
        let session = try await Self.open(server)
        _ = try await Self.post(
          server, Self.request("resources/subscribe", ["uri": .string(uri)]), session)
        head =
          "GET /mcp HTTP/1.1\r\nMcp-Session-Id: \(session["Mcp-Session-Id"] ?? "")\r\n"
      }
      head += "Host: 127.0.0.1\r\nAccept: application/json, text/event-stream\r\n\r\n"
      let opening = isStateless ? "acknowledged" : "connected"
      let changed = Task {
        // Until it is heard: it may be written before the stream is there.
        while !Task.isCancelled {
          try await memory.logStep(NewStep(tool: "a", action: "b"), in: episode.id)
          try await Task.sleep(for: .milliseconds(300))
        }
      }
      let bytes = try await server.http.exchange(Array(head.utf8) + body) {
        String(decoding: $0, as: UTF8.self).contains("notifications/resources/updated")
      }
      changed.cancel()
      let text = String(decoding: bytes, as: UTF8.self)
      #expect(
        text.contains("content-type: text/event-stream")
          || text.contains("Content-Type: text/event-stream"))
      #expect(text.contains(opening), "\(text)")
      #expect(text.contains(uri), "\(text)")
    }
  }

  @Test("a stream goes on where its client sent a body that nobody reads")
  func streamWithBody() async throws {
    try await TestServer.with(.changed { $0.limits.pingSeconds = 1 }) { server in
      let session = try await Self.open(server)
      let head =
        "GET /mcp HTTP/1.1\r\nMcp-Session-Id: \(session["Mcp-Session-Id"] ?? "")\r\n"
        + "Host: 127.0.0.1\r\nAccept: text/event-stream\r\nContent-Length: 2\r\n\r\n{}"
      let pings = { @Sendable (bytes: [UInt8]) in
        String(decoding: bytes, as: UTF8.self).components(separatedBy: ": ping").count - 1
      }
      // The connection of what is not read is closed after 5 s, once the answer has been written.
      let bytes = try await server.http.exchange(Array(head.utf8)) { pings($0) >= 8 }
      #expect(pings(bytes) >= 8)
      let refused = try await server.http.exchange(
        Array("GET /v1/none HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\n\r\n{}".utf8))
      #expect(try RawHTTP.reply(refused).status == 404)
    }
  }

  @Test("more sessions than there may be take the place of the one that was idle longest")
  func bounds() async throws {
    try await TestServer.with(.changed { $0.limits.sessionsMax = 2 }) { server in
      let first = try await Self.open(server)
      let second = try await Self.open(server)
      #expect(try await Self.post(server, Self.request("ping"), first).status == 200)
      let third = try await Self.open(server)
      #expect(try await Self.post(server, Self.request("ping"), second).status == 404)
      for session in [first, third] {
        #expect(try await Self.post(server, Self.request("ping"), session).status == 200)
      }
    }
  }
}
