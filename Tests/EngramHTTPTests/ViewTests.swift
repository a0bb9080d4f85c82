import EngramServer
import Episodes
import Foundation
import Synchronization
import Testing

@testable import Engram
@testable import EngramHTTP

@Suite("What the page asks for")
struct ViewTests {
  private static func record(
    _ server: TestServer, _ id: String, _ task: String, domain: String = "web"
  ) async throws {
    try await server.json(
      "POST", "/v1/episodes",
      [
        "id": .string(id), "taskDescription": .string(task), "context": ["domain": .string(domain)],
        "outcome": ["kind": "success", "verdict": "done"],
      ], status: 201)
  }

  @Test("a search says what each score is the sum of, where that is asked for")
  func explanations() async throws {
    try await TestServer.with { server in
      try await Self.record(server, "a", "fix the flaky login test")
      try await Self.record(server, "b", "bake bread")
      let found = try await server.json(
        "POST", "/v1/search", ["query": "login test is flaky", "explain": true])
      let hit = try #require(found["hits"]?[0])
      let parts = try #require(hit["parts"]?.object)
      let sum = parts.values.reduce(0.0) { $0 + Self.number($1) }
      #expect(abs(sum - Self.number(hit["score"])) < 1e-9)
      #expect(parts.count == ScoreParts().named.count)
      let plain = try await server.json("POST", "/v1/search", ["query": "login test is flaky"])
      #expect(plain["hits"]?[0]?["parts"] == nil)
    }
  }

  @Test("a map has every episode, those that are alike nearest, and is drawn anew after a change")
  func map() async throws {
    try await TestServer.with { server in
      let empty = try await server.json("GET", "/v1/map")
      #expect(empty["points"] == [])
      for number in 1...6 {
        try await Self.record(server, "l\(number)", "login token cookie session \(number)")
        try await Self.record(
          server, "b\(number)", "bread oven flour yeast \(number)", domain: "kitchen")
      }
      let map = try await server.json("GET", "/v1/map")
      let points = try #require(map["points"]?.list)
      #expect(points.count == 12)
      #expect(map["episodeCount"] == 12)
      let variance = (map["explainedVariance"]?.list ?? []).map(Self.number)
      #expect(
        variance.count == 2 && variance[0] >= variance[1] && variance[0] + variance[1] <= 1.001)
      var sides: [String: Set<Bool>] = [:]
      for point in points {
        let (x, y) = (Self.number(point["x"]), Self.number(point["y"]))
        #expect(abs(x) <= 1.0001 && abs(y) <= 1.0001)
        sides[point["domain"]?.string ?? "", default: []].insert(x > 0)
      }
      // The two kinds of task lie on two sides of the direction that tells most.
      #expect(sides["web"]?.count == 1 && sides["kitchen"]?.count == 1, "\(points)")
      #expect(sides["web"] != sides["kitchen"])
      #expect(try await server.json("GET", "/v1/map") == map)
      let sample = try await server.json("GET", "/v1/map?limit=5")
      #expect(sample["points"]?.list?.count == 5 && sample["episodeCount"] == 12)
      let none = try await server.json("GET", "/v1/map?namespace=other")
      #expect(none["points"] == [])
      try await server.json("DELETE", "/v1/episodes/l1")
      let later = try await server.json("GET", "/v1/map")
      #expect(later["points"]?.list?.count == 11)
    }
  }

  @Test("health tells sizes, hit rates, lag and breakers")
  func health() async throws {
    try await TestServer.with { server in
      try await Self.record(server, "a", "fix the flaky login test")
      try await server.json("POST", "/v1/search", ["query": "login test"])
      let health = try await server.json("GET", "/v1/health")
      #expect(health["problems"] == [])
      #expect(health["model"] == "ready")
      #expect(health["store"]?["isReachable"] == true)
      #expect(health["store"]?["statements"]?["readBreaker"]?["state"] == "closed")
      #expect(Self.number(health["store"]?["fileBytes"]) > 0)
      #expect(health["cache"]?["episodes"] == 1)
      #expect(Self.number(health["cache"]?["process"]?["reads"]) > 0)
      #expect(health["unsyncedChanges"] == 0)
      #expect(health["index"]?["tailCount"] == 1)
      #expect(health["index"]?["segments"] == [])
    }
  }

  @Test("a pattern's history has its evidence, and what its uses did")
  func patternHistory() async throws {
    try await TestServer.with { server in
      for number in 1...3 {
        try await server.json(
          "POST", "/v1/episodes",
          [
            "id": .string("e\(number)"), "taskDescription": "fix the flaky login test",
            "context": ["domain": "web"],
            "steps": [
              [
                "tool": "pytest", "action": "run the tests",
                "result": ["kind": "error", "message": "TimeoutError: 1 failed"],
              ],
              [
                "tool": "edit", "action": "raise the timeout",
                "result": ["kind": "success", "output": "ok"],
              ],
              [
                "tool": "pytest", "action": "run the tests",
                "result": ["kind": "success", "output": "passed"],
              ],
            ],
            "outcome": ["kind": "success", "verdict": "done"],
          ], status: 201)
      }
      _ = try await server.gate.memory().learnPending()
      let advice = try await server.json(
        "POST", "/v1/recommendations", ["task": "fix the flaky login test", "any": true])
      let id = try #require(advice["patterns"]?[0]?["id"]?.string)
      let recommendation = try #require(advice["recommendationID"]?.string)
      let path = "/v1/patterns/\(id)/history"
      let before = try await server.json("GET", path)
      #expect(before["pattern"]?["id"] == .string(id))
      #expect(before["evidence"]?.list?.count == 3)
      #expect(before["events"]?.list?.count == 1)
      #expect(before["events"]?[0]?["effect"] == nil)
      try await server.json(
        "POST", "/v1/recommendations/\(recommendation)/feedback",
        ["patternID": .string(id), "effect": "helped"])
      // Said at the end of an episode, of no recommendation.
      try await server.json(
        "POST", "/v1/episodes/start", ["id": "later", "taskDescription": "fix it again"],
        status: 201)
      try await server.json(
        "POST", "/v1/episodes/later/complete",
        [
          "outcome": ["kind": "success", "verdict": "done"],
          "appliedPatterns": [["patternID": .string(id), "effect": "hindered"]],
        ])
      let after = try await server.json("GET", path)
      let output = try #require(
        Operations.all.first { $0.path == "/v1/patterns/{patternID}/history" }?.tool.output)
      #expect(throws: Never.self) { try JSONShape.object(output).check(after) }
      let events = try #require(after["events"]?.list)
      #expect(events.compactMap { $0["effect"]?.string } == ["hindered", "helped"])
      #expect(events[0]["episodeID"] == "later")
      #expect(events[1]["task"] == "fix the flaky login test")
      #expect(try await server.json("GET", path + "?limit=1")["events"]?.list?.count == 1)
      try await server.json("GET", "/v1/patterns/none/history", status: 404)
    }
  }

  @Test("the index is measured against exact search")
  func measurement() async throws {
    try await TestServer.with { server in
      let none = try await server.json("POST", "/v1/index/measure", [:])
      #expect(none["points"] == [])
      for number in 1...30 {
        try await Self.record(server, "e\(number)", "task \(number) of \(number * number) parts")
      }
      _ = try await server.gate.memory().buildIndex()
      try await Self.record(server, "tail", "beside the segment")
      let found = try await server.json("POST", "/v1/index/measure", ["queryCount": 12])
      #expect(found["indexedCount"] == 30 && found["tailCount"] == 1)
      #expect(Self.number(found["queryCount"]) >= 10)
      let points = try #require(found["points"]?.list)
      #expect(points.compactMap { $0["listSize"] } == [10, 20, 40, 80, 160])
      // A list that has room for all finds all.
      #expect(Self.number(points.last?["recallAt10"]) == 1)
      for point in points {
        #expect(Self.number(point["recallAt10"]) > 0.5)
        #expect(Self.number(point["recallAt10"]) <= 1)
        #expect(
          Self.number(point["latencyMicrosecondsP50"])
            <= Self.number(point["latencyMicrosecondsP99"]))
      }
    }
  }

  private static func number(_ value: JSONValue?) -> Double {
    switch value {
    case .integer(let number)?: Double(number)
    case .number(let number)?: number
    default: .nan
    }
  }
}
