import Episodes
import Foundation
import Testing

@testable import EngramHTTP

@Suite("What watches a server")
struct MetricsTests {
  @Test("sees what it was asked, and what the memory holds")
  func figures() async throws {
    try await TestServer.with { server in
      let before = try await Self.figures(server)
      #expect(before["engram_episodes"] == 0)
      for number in 1...3 {
        try await server.json(
          "POST", "/v1/episodes/start", ["taskDescription": .string("task \(number)")], status: 201)
      }
      try await server.json("GET", "/v1/episodes/nobody", status: 404)
      let after = try await Self.figures(server)
      #expect(after["engram_episodes"] == 3)
      #expect(after["engram_model_ready"] == 1)
      #expect(after["engram_store_away"] == 0)
      #expect(
        after[#"engram_http_requests_total{method="POST",route="/v1/episodes/start",status="201"}"#]
          == 3)
      #expect(
        after[
          #"engram_http_requests_total{method="GET",route="/v1/episodes/{episodeID}",status="404"}"#
        ]
          == 1)
      #expect(
        after[#"engram_http_request_seconds_bucket{route="/v1/episodes/start",le="+Inf"}"#] == 3)
      #expect(after["engram_http_requests_at_work"] == 1)
      #expect((after["engram_store_bytes"] ?? 0) > 0)
      let unknown = try await server.http.send("GET", "/v1/\(UUID().uuidString)")
      #expect(unknown.status == 404)
      #expect(!(try await server.http.send("GET", "/metrics").text.contains("UUID")))
    }
  }

  @Test("counts durations in the bounds that hold them")
  func histogram() {
    let metrics = ServerMetrics()
    for seconds in [0.0001, 0.003, 0.003, 20] {
      #expect(metrics.began() == 1)
      metrics.ended(.init(method: "GET", route: "/", status: 200), seconds: seconds)
    }
    var text = PrometheusText()
    text.add(metrics.snapshot)
    for line in [
      #"engram_http_request_seconds_bucket{route="/",le="0.0005"} 1"#,
      #"engram_http_request_seconds_bucket{route="/",le="0.005"} 3"#,
      #"engram_http_request_seconds_bucket{route="/",le="10"} 3"#,
      #"engram_http_request_seconds_bucket{route="/",le="+Inf"} 4"#,
      #"engram_http_request_seconds_count{route="/"} 4"#,
      #"engram_http_requests_total{method="GET",route="/",status="200"} 4"#,
    ] { #expect(text.text.contains(line + "\n"), "\(text.text)") }
  }

  @Test("labels are escaped")
  func labels() {
    var text = PrometheusText()
    text.add("a", "b", type: "gauge", [("", [("x", "a\"b\\c\nd")], 1.5)])
    #expect(text.text.hasSuffix(#"a{x="a\"b\\c\nd"} 1.5"# + "\n"))
  }

  private static func figures(_ server: TestServer) async throws -> [String: Double] {
    let reply = try await server.http.send("GET", "/metrics")
    #expect(reply.headers["content-type"]?.hasPrefix("text/plain; version=0.0.4") == true)
    var figures: [String: Double] = [:]
    for line in reply.text.split(separator: "\n") where !line.hasPrefix("#") {
      let end = try #require(line.lastIndex(of: " "))
      figures[String(line[..<end])] = Double(line[line.index(after: end)...])
    }
    return figures
  }
}
