import Engram
import Episodes
import Foundation
import Testing

@testable import EngramHTTP

@Suite("Import and export over HTTP")
struct TransferTests {
  private static let type = ["Content-Type": "application/x-ndjson"]

  private static func lines(_ range: ClosedRange<Int>) -> [UInt8] {
    Array(
      range.map { number in
        #"{"id":"e\#(number)","taskDescription":"sort the invoices of \#(number)","#
          + #""outcome":{"kind":"success","verdict":"sorted"}}"# + "\n"
      }.joined().utf8)
  }

  @Test("an export imported into an empty memory is the same export")
  func roundTrip() async throws {
    var exported = ""
    try await TestServer.with { server in
      // In chunks that end within lines and characters.
      let body = Self.lines(1...700)
      var request = Array(
        ("POST /v1/import HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
          + "Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n").utf8)
      for start in stride(from: 0, to: body.count, by: 777) {
        let chunk = body[start..<min(start + 777, body.count)]
        request += Array("\(String(chunk.count, radix: 16))\r\n".utf8) + chunk + [13, 10]
      }
      request += Array("0\r\n\r\n".utf8)
      let reply = try RawHTTP.reply(try await server.http.exchange(request))
      #expect(reply.status == 200, "\(reply.text)")
      #expect(reply.json["episodes"] == 700)
      let again = try await server.http.send(
        "POST", "/v1/import", body: Self.lines(1...700), headers: Self.type)
      #expect(again.json["episodes"] == 0)
      #expect(again.json["alreadyStored"] == 700)
      let export = try await server.http.send("GET", "/v1/export?embeddings=true")
      #expect(export.isWhole)
      #expect(export.headers["content-type"] == "application/x-ndjson")
      exported = export.text
      #expect(exported.split(separator: "\n").count == 1400)
    }
    try await TestServer.with { server in
      let reply = try await server.http.send(
        "POST", "/v1/import", body: Array(exported.utf8), headers: Self.type)
      #expect(reply.json["episodes"] == 700, "\(reply.text)")
      let export = try await server.http.send("GET", "/v1/export?embeddings=true")
      #expect(
        export.text.split(separator: "\n").sorted() == exported.split(separator: "\n").sorted())
    }
  }

  @Test("a bad line is named, and what stands before it is stored")
  func badLines() async throws {
    try await TestServer.with { server in
      let body =
        Self.lines(1...3) + Array("{\"id\":\"x\",\"task\":\"y\"}\n".utf8) + Self.lines(4...5)
      let reply = try await server.http.send(
        "POST", "/v1/import", body: body, headers: Self.type)
      #expect(reply.status == 400)
      #expect(reply.message.contains("line 4: task"), "\(reply.text)")
      #expect(reply.message.contains("3 records were stored"))
      #expect(try await server.json("GET", "/v1/stats")["statistics"]?["episodes"] == 3)
      let type = try await server.http.send(
        "POST", "/v1/import", body: body, headers: ["Content-Type": "text/plain"])
      #expect(type.status == 415)
      let flag = try await server.http.send("GET", "/v1/export?embeddings=maybe")
      #expect(flag.status == 400)
    }
  }

  @Test("a line that is too long is refused, and not held")
  func longLines() async throws {
    try await TestServer.with(.changed { $0.limits.bodyBytesMax = 2000 }) { server in
      let long = #"{"taskDescription":""# + String(repeating: "x", count: 5000) + "\"}\n"
      let reply = try await server.http.send(
        "POST", "/v1/import", body: Self.lines(1...30) + Array(long.utf8), headers: Self.type)
      #expect(reply.status == 400)
      #expect(reply.message.contains("line 31: is longer than 2000 bytes"), "\(reply.text)")
    }
  }
}
