import Dispatch
import Engram
import EngramServer
import Episodes
import Foundation
import Testing

@testable import EngramHTTP

@Suite("The HTTP API")
struct APITests {
  @Test("takes an episode from its start to what was learned from it")
  func lifecycle() async throws {
    try await TestServer.with { server in
      // An id that needs escapes in a path.
      let id = "a/b?c"
      let path = "/v1/episodes/a%2Fb%3Fc"
      let started = try await server.json(
        "POST", "/v1/episodes/start",
        [
          "taskDescription": "Fix the flaky login test", "context": ["domain": "web"],
          "tags": ["auth"], "metadata": ["ticket": "WEB 41&c"], "id": .string(id),
        ], status: 201)
      #expect(started["episode"]?["id"] == .string(id))
      let logged = try await server.json(
        "POST", path + "/steps",
        [
          "steps": [
            [
              "tool": "pytest", "action": "run",
              "result": ["kind": "error", "message": "1 failed"],
            ],
            [
              "tool": "edit", "action": "raise the timeout",
              "result": ["kind": "success", "output": "ok"],
            ],
          ]
        ], status: 201)
      #expect(logged["numbers"] == [1, 2])
      try await server.json("POST", path + "/checkpoints", ["label": "edited"], status: 201)
      let points = try await server.json("GET", path + "/checkpoints")
      let point = try #require(points["checkpoints"]?[0]?["id"]?.string)
      let handoff = try await server.json("GET", path + "/handoff")
      #expect(handoff["handoff"]?["goal"] == "Fix the flaky login test")
      let resumed = try await server.json("POST", path + "/resume", ["agentID": "ben"])
      #expect(resumed["nextStepNumber"] == 3)
      try await server.json("DELETE", "/v1/checkpoints/\(point)")
      try await server.json("DELETE", "/v1/checkpoints/\(point)", status: 404)
      let ended = try await server.json(
        "POST", path + "/complete", ["outcome": ["kind": "success", "verdict": "a timeout"]])
      #expect(ended["reward"]?["base"] == 1)
      try await server.json(
        "POST", path + "/complete", ["outcome": ["kind": "success"]], status: 409)

      let found = try await server.json(
        "POST", "/v1/search", ["query": "flaky login", "domain": "web"])
      #expect(found["hits"]?[0]?["episode"]?["id"] == .string(id))
      let vector = try await server.json("POST", "/v1/embed", ["text": "flaky login"])
      let near = try await server.json(
        "POST", "/v1/search/vector",
        ["vector": try #require(vector["vector"]), "limit": 1, "brief": true])
      #expect(near["hits"]?[0]?["id"] == .string(id))
      let listed = try await server.json(
        "GET", "/v1/episodes?tags=auth&metadata%5Bticket%5D=WEB+41%26c&limit=3&onlyUnfinished=false"
      )
      #expect(listed["episodes"]?.list?.count == 1)
      let none = try await server.json("GET", "/v1/episodes?metadata[ticket]=other")
      #expect(none["episodes"] == [])
      let changed = try await server.json("PATCH", path, ["metadata": ["ticket": "WEB-42"]])
      #expect(changed["episode"]?["id"] == .string(id))
      let whole = try await server.json("GET", path)
      #expect(whole["episode"]?["metadata"]?["ticket"] == "WEB-42")
      #expect(whole["episode"]?["agentID"] == "ben")

      _ = try await server.gate.memory().learnPending()
      let recommended = try await server.json(
        "POST", "/v1/recommendations",
        ["task": "raise the timeout", "context": ["domain": "web"]])
      let recommendation = try #require(recommended["recommendationID"]?.string)
      let pattern = try #require(recommended["patterns"]?[0]?["id"])
      try await server.json(
        "POST", "/v1/recommendations/\(recommendation)/feedback",
        ["patternID": pattern, "effect": "helped"])
      let one = try await server.json("GET", "/v1/patterns/\(try #require(pattern.string))")
      #expect(one["pattern"]?["effectiveness"]?["timesApplied"] == 1)
      try await server.json("POST", "/v1/playbook", ["task": "flaky login test"])
      try await server.json("POST", "/v1/patterns/search", ["query": "timeout"])
      try await server.json("DELETE", path)
      try await server.json("GET", path, status: 404)
    }
  }

  @Test("relates, tags, and tells who replaced whom")
  func relations() async throws {
    try await TestServer.with { server in
      // A path that has another method does not hide an episode of its name.
      try await server.json(
        "POST", "/v1/episodes/start", ["taskDescription": "x", "id": "start"], status: 201)
      #expect(try await server.json("GET", "/v1/episodes/start")["episode"]?["id"] == "start")
      try await server.json("DELETE", "/v1/episodes/start")
      for id in ["old", "new"] {
        try await server.json(
          "POST", "/v1/episodes",
          [
            "id": .string(id), "taskDescription": .string("task \(id)"), "tags": ["one"],
            "outcome": ["kind": "success"],
          ], status: 201)
      }
      let made = try await server.json(
        "POST", "/v1/relations", ["from": "new", "to": "old", "kind": "dependsOn"], status: 201)
      let relation = try #require(made["relation"]?["id"]?.string)
      try await server.json(
        "POST", "/v1/relations", ["from": "old", "to": "new", "kind": "dependsOn"], status: 400)
      let order = try await server.json("GET", "/v1/relations/order")
      #expect(order["episodes"]?.list?.compactMap { $0["id"] } == ["old", "new"])
      let incoming = try await server.json(
        "GET", "/v1/episodes/old/relations?direction=incoming&kind=dependsOn")
      #expect(incoming["relations"]?.list?.count == 1)
      #expect(try await server.json("GET", "/v1/relations")["relations"]?.list?.count == 1)
      try await server.json("DELETE", "/v1/relations/\(relation)")
      try await server.json("PATCH", "/v1/episodes/old", ["supersededBy": "new"])
      let history = try await server.json("GET", "/v1/episodes/new/history")
      #expect(history["episodes"]?.list?.compactMap { $0["id"] } == ["old", "new"])
      let tags = try await server.json(
        "POST", "/v1/episodes/old/tags", ["add": ["two"], "remove": ["one"]])
      #expect(tags["tags"] == ["two"])
      let replaced = try await server.json(
        "POST", "/v1/tags/replace", ["tags": ["two"], "replacement": "three"])
      #expect(replaced["episodes"] == 1)
      let known = try await server.json("GET", "/v1/tags?limit=10")
      #expect(Set(known["tags"]?.list?.compactMap { $0["tag"] } ?? []) == ["one", "three"])
      #expect(try await server.json("GET", "/v1/namespaces")["namespaces"]?[0]?["episodes"] == 2)
      let dry = try await server.json(
        "POST", "/v1/episodes/forget", ["episodeIDs": ["old"], "dryRun": true])
      #expect(dry["episodes"] == 1)
      #expect(try await server.json("GET", "/v1/stats")["statistics"]?["episodes"] == 2)
    }
  }

  @Test("what is wrong with a request is said, with its id, and by the right status")
  func errors() async throws {
    try await TestServer.with(.changed { $0.limits.bodyBytesMax = 10_000 }) { server in
      let cases: [(String, String, JSONValue?, Int, String)] = [
        ("GET", "/v1/nothing", nil, 404, "openapi.json"),
        ("GET", "/v1/episodes/", nil, 404, ""), ("GET", "//v1/episodes", nil, 404, ""),
        ("PUT", "/v1/episodes", nil, 405, "expected GET, POST"),
        ("GET", "/v1/episodes/nobody", nil, 404, "'nobody'"),
        ("GET", "/v1/episodes?limit=x", nil, 400, "limit: is a string"),
        ("GET", "/v1/episodes?limit=0", nil, 400, "limit: is 0"),
        ("GET", "/v1/episodes?limt=1", nil, 400, "did you mean 'limit'?"),
        ("GET", "/v1/episodes?limit=1&limit=2", nil, 400, "limit: is there twice"),
        ("GET", "/v1/episodes?onlyUnfinished=yes", nil, 400, "onlyUnfinished"),
        ("GET", "/v1/episodes?cursor=nonsense", nil, 400, "cursor"),
        ("GET", "/v1/episodes?since=%zz", nil, 400, "escape"),
        ("POST", "/v1/search", ["query": 7], 400, "query: is a number"),
        ("POST", "/v1/search?limit=1", ["query": "x"], 400, "in the query"),
        ("POST", "/v1/search", [1], 400, "the body is a list"),
        ("POST", "/v1/search", nil, 400, "query: is missing"),
        ("POST", "/v1/search/vector", ["vector": [1, 2]], 400, "2 dimensions"),
        (
          "POST", "/v1/episodes/a/steps", ["episodeID": "b", "steps": []], 400,
          "episodeID: is another than in the path"
        ),
      ]
      for (method, path, body, status, part) in cases {
        let reply = try await server.http.send(method, path, json: body)
        #expect(reply.status == status, "\(method) \(path): \(reply.text)")
        #expect(part.isEmpty || reply.message.contains(part), "\(method) \(path): \(reply.text)")
        #expect(reply.json["requestID"]?.string == reply.headers["x-request-id"])
      }
      let text: [UInt8] = Array(#"{"query": "x"}"#.utf8)
      let plain = try await server.http.send(
        "POST", "/v1/search", body: text, headers: ["Content-Type": "text/plain"])
      #expect(plain.status == 415)
      let broken = try await server.http.send(
        "POST", "/v1/search", body: Array("{".utf8), headers: ["Content-Type": "application/json"])
      #expect(broken.status == 400)
      #expect(broken.message.contains("column"))
      let long = try await server.http.send(
        "POST", "/v1/search", json: ["query": .string(String(repeating: "x", count: 20_000))])
      #expect(long.status == 413)
      let named = try await server.http.send(
        "GET", "/healthz", headers: ["X-Request-Id": "my-request"])
      #expect(named.headers["x-request-id"] == "my-request")
      let allow = try await server.http.send("DELETE", "/healthz").headers["allow"]
      #expect(allow == "GET")
      let head = try await server.http.send("HEAD", "/healthz")
      #expect(head.status == 200 && head.body.isEmpty)
    }
  }

  @Test("a body in chunks, which does not say how long it is, is bounded as well")
  func chunks() async throws {
    try await TestServer.with(.changed { $0.limits.bodyBytesMax = 1000 }) { server in
      let chunk = "200\r\n" + String(repeating: " ", count: 512) + "\r\n"
      let request =
        "POST /v1/search HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
        + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
        + chunk + chunk + chunk + "0\r\n\r\n"
      let reply = try RawHTTP.reply(try await server.http.exchange(Array(request.utf8)))
      #expect(reply.status == 413)
    }
  }

  @Test("a request that takes too long is given up")
  func timeOut() async throws {
    let modelGate = DispatchSemaphore(value: 0)
    try await TestServer.with(.changed { $0.limits.requestSeconds = 20 }, modelGate: modelGate) {
      server in
      let reply = try await server.http.send("POST", "/v1/recommendations", json: ["task": "x"])
      #expect(reply.status == 504)
      // What needs no model is answered.
      let found = try await server.json("POST", "/v1/search", ["query": "x"])
      #expect(found["mode"] == "text")
      for _ in 0..<10 { modelGate.signal() }
    }
  }
}
