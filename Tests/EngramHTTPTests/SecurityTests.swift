import Episodes
import Foundation
import Testing

@testable import EngramHTTP

@Suite("Who may ask the HTTP server")
struct SecurityTests {
  private static let token = "0123456789abcdef-xyz"

  @Test("pages from elsewhere may not, whatever name they have the server by")
  func rebinding() async throws {
    try await TestServer.with { server in
      let port = server.http.port
      let cases: [([String: String], Int)] = [
        (["Host": "localhost:\(port)"], 200), (["Host": "[::1]:\(port)"], 200),
        (["Host": "127.8.8.8"], 200), (["Host": "evil.example"], 403),
        (["Host": "127.0.0.1.evil.example"], 403), (["Host": "evil.example:\(port)"], 403),
        (["Host": "1277.0.0.1"], 403),
        (["Origin": "http://evil.example"], 403), (["Origin": "null"], 403),
        (["Origin": "http://127.0.0.1:\(port)"], 200),
        (["Origin": "http://127.0.0.1:\(port + 1)"], 403),
        (["Origin": "https://127.0.0.1:\(port)"], 200),
        (["Origin": "ftp://127.0.0.1:\(port)"], 403), (["Origin": "127.0.0.1:\(port)"], 403),
        (["Origin": "http://127.0.0.1:\(port).evil.example"], 403),
      ]
      for path in ["/v1/status", "/healthz", "/metrics"] {
        for (headers, status) in cases {
          let reply = try await server.http.send("GET", path, headers: headers)
          #expect(reply.status == status, "\(path) \(headers): \(reply.text)")
        }
      }
    }
  }

  @Test("those that are allowed may, and their pages may read the answers")
  func allowed() async throws {
    try await TestServer.with(
      .changed {
        $0.allowedHosts = ["memory.example"]
        $0.allowedOrigins = ["https://app.example"]
        $0.token = try? BearerToken(Self.token)
      }
    ) { server in
      let headers = [
        "Host": "memory.example", "Origin": "https://app.example",
        "Authorization": "Bearer \(Self.token)",
      ]
      let reply = try await server.http.send("GET", "/v1/status", headers: headers)
      #expect(reply.status == 200)
      #expect(reply.headers["access-control-allow-origin"] == "https://app.example")
      let preflight = try await server.http.send("OPTIONS", "/v1/search", headers: headers)
      #expect(preflight.status == 204)
      #expect(preflight.headers["access-control-allow-headers"]?.contains("Authorization") == true)
      let other = try await server.http.send(
        "OPTIONS", "/v1/search", headers: ["Origin": "https://evil.example"])
      #expect(other.status == 403)
      #expect(other.headers["access-control-allow-origin"] == nil)
    }
  }

  @Test("with a token only who brings it, but for what watches the server")
  func tokens() async throws {
    try await TestServer.with(HTTPSettings(port: 0, token: BearerToken(Self.token))) { server in
      for path in ["/v1/status", "/metrics", "/v1/nothing", "/v1/openapi.json", "/mcp"] {
        for authorization in [
          "", "Bearer", "Bearer ", "Bearer wrong", "Basic \(Self.token)", "Bearer \(Self.token)x",
          Self.token,
        ] {
          let reply = try await server.http.send(
            "GET", path, headers: ["Authorization": authorization])
          #expect(reply.status == 401, "\(path) '\(authorization)'")
          #expect(reply.headers["www-authenticate"] == "Bearer")
        }
      }
      for path in ["/healthz", "/readyz"] {
        #expect(try await server.http.send("GET", path).status == 200)
      }
      for scheme in ["Bearer", "bearer"] {
        let reply = try await server.http.send(
          "GET", "/v1/status", headers: ["Authorization": "\(scheme) \(Self.token)"])
        #expect(reply.status == 200)
      }
    }
  }

  @Test("a token is never shown, and one that could be guessed is none")
  func tokenText() throws {
    let token = try BearerToken("  \(Self.token)\n")
    #expect(token.isIn("Bearer \(Self.token)"))
    var dumped = ""
    dump(token, to: &dumped)
    #expect(!"\(token) \(String(reflecting: token)) \(dumped)".contains(Self.token))
    for bad in [
      "", "short", "fifteen-letters", "with a blank in the middle", "ümläute-ümläute-ümläute",
    ] {
      #expect(throws: HTTPSettingsError.self) { try BearerToken(bad) }
    }
  }

  @Test("addresses that others reach need a token")
  func binding() throws {
    for host in ["0.0.0.0", "::", "192.168.1.7", "example.com", "127.evil.example"] {
      #expect(throws: HTTPSettingsError.self) { try HTTPSettings(host: host).validate() }
      try HTTPSettings(host: host, token: BearerToken(Self.token)).validate()
    }
    for host in ["127.0.0.1", "127.1.2.3", "::1", "localhost"] {
      try HTTPSettings(host: host).validate()
    }
    #expect(throws: HTTPSettingsError.self) { try HTTPSettings(port: 70_000).validate() }
    // Behind a proxy.
    #expect(throws: HTTPSettingsError.self) {
      try HTTPSettings(allowedHosts: ["memory.example:443"]).validate()
    }
    try HTTPSettings(allowedHosts: ["localhost:9000"]).validate()
  }

  @Test("a page of another site is refused, also where its browser names no origin")
  func sites() {
    let policy = HostPolicy(HTTPSettings())
    for site in ["cross-site", "same-site"] {
      #expect(policy.problem(authority: "127.0.0.1:8484", origin: nil, site: site) != nil)
    }
    for site in [nil, "same-origin", "none"] {
      #expect(policy.problem(authority: "127.0.0.1:8484", origin: nil, site: site) == nil)
    }
  }

  @Test("a few exports are at work at once, and places come back")
  func exports() {
    let places = ExportPlaces(count: 2)
    var first = places.take()
    let second = places.take()
    #expect(first != nil && second != nil && places.take() == nil)
    first = nil
    #expect(places.take() != nil)
    withExtendedLifetime(second) {}
  }

  @Test("an address that asks too often waits, and others do not")
  func rates() async throws {
    let limiter = RateLimiter(perSecond: 10)
    let start = ContinuousClock.now
    #expect((0..<30).count { _ in limiter.allows("a", at: start) } == 10)
    #expect(limiter.allows("b", at: start))
    #expect((0..<30).count { _ in limiter.allows("a", at: start + .milliseconds(500)) } == 5)
    #expect((0..<30).count { _ in limiter.allows("a", at: start + .seconds(60)) } == 10)
    #expect((0..<1000).count { _ in RateLimiter(perSecond: 0).allows("a", at: start) } == 1000)

    try await TestServer.with(.changed { $0.limits.requestsPerSecond = 1 }) { server in
      let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
        for _ in 0..<20 {
          group.addTask { try await server.http.send("GET", "/healthz").status }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(statuses.contains(200) && statuses.contains(429))
    }
  }
}
