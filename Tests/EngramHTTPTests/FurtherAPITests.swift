import Engram
import EngramServer
import Episodes
import Testing

@testable import EngramHTTP

@Suite("What programs can ask beside agents")
struct FurtherAPITests {
  private func record(
    _ server: TestServer, _ id: String, _ fields: [String: JSONValue] = [:]
  ) async throws {
    let own: [String: JSONValue] = [
      "id": .string(id), "taskDescription": .string("task of \(id)"),
      "outcome": ["kind": "success"],
    ]
    try await server.json(
      "POST", "/v1/episodes", .object(own.merging(fields) { $1 }), status: 201)
  }

  private func ids(_ page: JSONValue, _ name: String = "episodes") -> Set<String> {
    Set(page[name]?.list?.compactMap { $0["id"]?.string } ?? [])
  }

  @Test("a filter is looked at first, then forgets what it finds, and no import brings it back")
  func forgetMatching() async throws {
    try await TestServer.with { server in
      for id in ["a", "b"] { try await record(server, id, ["sessionID": "old"]) }
      try await record(server, "c")
      let path = "/v1/episodes/forget/matching"
      let unconfirmed: [JSONValue] = [
        ["sessionID": "old"], ["confirm": false, "sessionID": "old"],
      ]
      for body in unconfirmed {
        let reply = try await server.http.send("POST", path, json: body)
        #expect(reply.status == 400 && reply.message.contains("confirm"), "\(reply.text)")
      }
      let unlimited: [(String, JSONValue)] = [
        (path, ["confirm": true]), ("/v1/episodes/forget/preview", [:]),
      ]
      for (path, body) in unlimited {
        let reply = try await server.http.send("POST", path, json: body)
        #expect(reply.status == 400 && reply.message.contains("no condition"), "\(reply.text)")
      }
      let preview = try await server.json(
        "POST", "/v1/episodes/forget/preview", ["sessionID": "old"])
      #expect(preview["removed"]?["episodes"] == 2 && preview["isDryRun"] == true)
      #expect(Set(preview["ids"]?.list ?? []) == ["a", "b"])
      #expect(ids(try await server.json("GET", "/v1/episodes")) == ["a", "b", "c"])

      let gone = try await server.json(
        "POST", path, ["sessionID": "old", "confirm": true])
      #expect(gone["removed"]?["episodes"] == 2 && gone["isErased"] == true)
      #expect(ids(try await server.json("GET", "/v1/episodes")) == ["c"])
      try await server.json(
        "POST", "/v1/episodes",
        ["id": "a", "taskDescription": "again", "outcome": ["kind": "success"]], status: 409)
      let back = try await server.json(
        "POST", "/v1/episodes/readmit", ["episodeIDs": ["a", "nobody"]])
      #expect(back["readmitted"] == 1)
      try await record(server, "a")
      let all = try await server.json("POST", path, ["all": true, "confirm": true])
      #expect(all["removed"]?["episodes"] == 2)
      #expect(ids(try await server.json("GET", "/v1/episodes")).isEmpty)
    }
  }

  @Test("one relation is read and changed, and what hangs together comes as JSON and as DOT")
  func graphs() async throws {
    try await TestServer.with { server in
      for id in ["a", "b", "c"] { try await record(server, id) }
      var links: [String] = []
      for (from, to) in [("a", "b"), ("b", "c")] {
        let made = try await server.json(
          "POST", "/v1/relations",
          ["from": .string(from), "to": .string(to), "kind": "dependsOn", "reason": "\"why\""],
          status: 201)
        links.append(try #require(made["relation"]?["id"]?.string))
      }
      let path = "/v1/relations/\(links[0])"
      let read = try await server.json("GET", path)
      #expect(read["relation"]?["reason"] == "\"why\"")
      let changed = try await server.json("PATCH", path, ["priority": 7, "cleared": ["reason"]])
      #expect(changed["relation"]?["priority"] == 7)
      #expect(try await server.json("GET", path) == changed)
      #expect(changed["relation"]?["reason"] == nil)
      let wrong: [JSONValue] = [[:], ["reason": "x", "cleared": ["reason"]]]
      for body in wrong {
        try await server.json("PATCH", path, body, status: 400)
      }
      try await server.json("PATCH", "/v1/relations/none", ["reason": "x"], status: 404)
      try await server.json("GET", "/v1/relations/none", status: 404)

      let graph = try await server.json("GET", "/v1/episodes/a/graph?dot=true")
      #expect(ids(graph, "nodes") == ["a", "b", "c"] && graph["edges"]?.list?.count == 2)
      #expect(graph["isCutOff"] == false)
      let dot = try #require(graph["dot"]?.string)
      #expect(dot.hasPrefix("digraph") && dot.contains("\"b\" -> \"c\""))
      #expect(dot.contains("\\\"why\\\""))
      let near = try await server.json("GET", "/v1/episodes/a/graph?depth=1&kinds=dependsOn")
      #expect(ids(near, "nodes") == ["a", "b"] && near["isCutOff"] == true && near["dot"] == nil)
      let back = try await server.json("GET", "/v1/episodes/c/graph?direction=incoming")
      #expect(ids(back, "nodes") == ["a", "b", "c"])
      try await server.json("GET", "/v1/episodes/none/graph", status: 404)

      let order = try await server.json("GET", "/v1/relations/order?episodeIDs=a&episodeIDs=c")
      #expect(order["episodes"]?.list?.compactMap { $0["id"] } == ["c", "a"])
      try await record(server, "far", ["namespace": "other"])
      let mixed = try await server.http.send(
        "GET", "/v1/relations/order?episodeIDs=a&episodeIDs=far")
      #expect(mixed.status == 400 && mixed.message.contains("episodeIDs"))
    }
  }

  @Test("a checkpoint and a recommendation are read by their ids, with the feedback on it")
  func records() async throws {
    try await TestServer.with { server in
      try await server.json(
        "POST", "/v1/episodes/start", ["taskDescription": "go on", "id": "on"], status: 201)
      let made = try await server.json(
        "POST", "/v1/episodes/on/checkpoints", ["label": "half"], status: 201)
      let point = try #require(made["checkpoint"]?["id"]?.string)
      #expect(try await server.json("GET", "/v1/checkpoints/\(point)") == made)
      try await server.json("GET", "/v1/checkpoints/none", status: 404)

      let steps: JSONValue = [
        ["tool": "psql", "action": "check the lag", "result": ["kind": "success"]],
        ["tool": "psql", "action": "restart it", "result": ["kind": "success"]],
      ]
      try await record(
        server, "replica", ["taskDescription": "restart the replica", "steps": steps])
      _ = try await server.gate.memory().learnPending()
      let advice = try await server.json(
        "POST", "/v1/recommendations", ["task": "restart the replica", "any": true])
      let id = try #require(advice["recommendationID"]?.string)
      let pattern = try #require(advice["patterns"]?[0]?["id"]?.string)
      let fresh = try await server.json("GET", "/v1/recommendations/\(id)")
      #expect(fresh["recommendation"]?["task"] == "restart the replica")
      #expect(fresh["recommendation"]?["items"]?[0]?["effect"] == nil)
      try await server.json(
        "POST", "/v1/recommendations/\(id)/feedback",
        ["patternID": .string(pattern), "effect": "hindered"])
      let told = try await server.json("GET", "/v1/recommendations/\(id)")
      #expect(told["recommendation"]?["items"]?[0]?["effect"] == "hindered")
      try await server.json("GET", "/v1/recommendations/none", status: 404)

      let path = "/v1/patterns/\(pattern)/explain"
      let plain = try await server.json("POST", path, [:])
      #expect(plain["score"] == nil && plain["evidence"]?[0]?["id"] == "replica")
      let asked = try await server.json("POST", path, ["task": "restart the replica"])
      #expect(asked["score"]?["semantic"] != nil)
      try await server.json("POST", path, ["task": " "], status: 400)
      try await server.json("POST", "/v1/patterns/none/explain", [:], status: 404)
    }
  }

  @Test("every filter of the library can be asked, in a query and in a body")
  func filters() async throws {
    try await TestServer.with { server in
      try await record(
        server, "paris",
        [
          "tags": ["one"], "metadata": ["priority": "3"],
          "location": ["lat": 48.85, "lon": 2.35],
        ])
      try await record(server, "rome", ["tags": ["two"], "metadata": ["priority": "10"]])
      try await server.json(
        "POST", "/v1/episodes/start", ["taskDescription": "task open", "id": "open"], status: 201)
      let cases: [(String, JSONValue, Set<String>)] = [
        ("anyTags=one&anyTags=two", ["anyTags": ["one", "two"]], ["paris", "rome"]),
        ("finished=false", ["finished": false], ["open"]),
        ("finished=true", ["finished": true], ["paris", "rome"]),
        ("near=48.86,2.34,5km", ["near": "48.86,2.34,5km"], ["paris"]),
        ("within=48,2,49,3", ["within": "48,2,49,3"], ["paris"]),
        ("conditions=priority%3E%3D4", ["conditions": ["priority>=4"]], ["rome"]),
        (
          "anyConditions=priority%3D3&anyConditions=priority~1",
          ["anyConditions": ["priority=3", "priority~1"]], ["paris", "rome"]
        ),
      ]
      for (query, body, expected) in cases {
        #expect(ids(try await server.json("GET", "/v1/episodes?" + query)) == expected, "\(query)")
        var fields = body.object ?? [:]
        fields["query"] = "task"
        let found = try await server.json("POST", "/v1/search", .object(fields))
        let hits = found["hits"]?.list?.compactMap { $0["episode"]?["id"]?.string } ?? []
        #expect(Set(hits) == expected, "\(query)")
      }
      for (query, field) in [
        ("near=here", "near"), ("near=91,0,1km", "near"), ("within=1,2,3", "within"),
        ("within=9,2,3,4", "within"), ("near=1,2,3&within=1,2,3,4", "within"),
        ("conditions=%3D3", "conditions"), ("conditions=a%3D%3D3", "conditions"),
      ] {
        let reply = try await server.http.send("GET", "/v1/episodes?" + query)
        #expect(reply.status == 400 && reply.message.hasPrefix(field), "\(query): \(reply.text)")
      }
    }
  }

  @Test("weights and the asker's context change the order of a search")
  func weights() async throws {
    try await TestServer.with { server in
      try await record(
        server, "words", ["taskDescription": "pump pump", "context": ["domain": "a"]])
      try await record(
        server, "place", ["taskDescription": "the pump of the mill", "context": ["domain": "b"]])
      let weights: JSONValue = [
        "semantic": 0, "text": 0, "substance": 0, "recency": 0, "reward": 0, "context": 10,
      ]
      for (domain, first) in [("a", "words"), ("b", "place")] {
        let found = try await server.json(
          "POST", "/v1/search",
          [
            "query": "pump", "context": ["domain": .string(domain)], "weights": weights,
            "explain": true,
          ])
        #expect(found["hits"]?[0]?["episode"]?["id"] == .string(first))
        #expect(found["hits"]?[0]?["parts"]?["text"] == 0)
      }
      let unknown: [JSONValue] = [["text": -1], ["words": 1]]
      for wrong in unknown {
        let reply = try await server.http.send(
          "POST", "/v1/search", json: ["query": "pump", "weights": wrong])
        #expect(reply.status == 400 && reply.message.contains("weights."), "\(reply.text)")
      }
    }
  }

  @Test("a place and times of validity are recorded, changed, and taken away")
  func places() async throws {
    try await TestServer.with { server in
      try await server.json(
        "POST", "/v1/episodes/start",
        [
          "id": "a", "taskDescription": "x", "agentID": "ann", "validFrom": "2026-01-01T00:00:00Z",
          "location": ["lat": 1, "lon": 2],
        ], status: 201)
      try await server.json("PATCH", "/v1/episodes/a", ["location": ["lat": 3, "lon": 4.5]])
      let read = try await server.json("GET", "/v1/episodes/a")
      #expect(read["episode"]?["location"]?["lon"] == 4.5)
      #expect(read["episode"]?["validFrom"] != nil)
      try await server.json(
        "PATCH", "/v1/episodes/a", ["cleared": ["location", "validFrom", "agentID"]])
      let cleared = try await server.json("GET", "/v1/episodes/a")
      #expect(cleared["episode"]?["location"] == nil && cleared["episode"]?["agentID"] == nil)
      #expect(cleared["episode"]?["validFrom"] == nil)
      try await server.json(
        "PATCH", "/v1/episodes/a", ["agentID": "ben", "cleared": ["agentID"]], status: 400)
      let wrong = try await server.http.send(
        "PATCH", "/v1/episodes/a", json: ["location": ["lat": 91, "lon": 0]])
      #expect(wrong.status == 400 && wrong.message.contains("location.lat"))
    }
  }

  @Test("agents are not told what only programs are, and get it refused")
  func agents() async throws {
    try await TestServer.with { server in
      let tool = try #require(Tools.all.first { $0.name == "search_memory" })
      #expect(!tool.input.all.contains { ["near", "weights", "conditions"].contains($0.name) })
      await #expect(throws: ToolInputError.self) {
        try await tool.run(
          ["query": "x", "near": "1,2,3"],
          MCPServer(gate: server.gate, version: "1").call())
      }
    }
  }
}
