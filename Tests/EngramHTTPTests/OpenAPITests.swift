import Engram
import EngramServer
import Episodes
import HTTPTypes
import Testing

@testable import EngramHTTP

@Suite("The OpenAPI document")
struct OpenAPITests {
  @Test("names every path that is answered, and no other")
  func paths() throws {
    let document = OpenAPIDocument.value(version: "1")
    var told: Set<String> = []
    for (path, methods) in document["paths"]?.object ?? [:] {
      for method in (methods.object ?? [:]).keys { told.insert("\(method.uppercased()) \(path)") }
    }
    var answered: Set<String> = []
    // The page is for people, and agents have a protocol of their own.
    let others = Set(PageFile.all.map(\.path) + ["/mcp"])
    for entry in Target.table().entries where !others.contains(entry.template.text) {
      for method in entry.targets.keys {
        answered.insert("\(method.rawValue) \(entry.template.text)")
      }
    }
    #expect(told == answered)
    #expect(told.count > 40)
  }

  @Test("has a name of its own for each operation, and all parameters of its path")
  func operations() throws {
    var names: Set<String> = []
    for operation in Operations.all {
      #expect(names.insert(operation.tool.name).inserted, "\(operation.tool.name)")
      let known = Set(operation.tool.input.all.map(\.name))
      for name in PathTemplate(operation.path).names {
        #expect(known.contains(name), "\(operation.path)")
      }
      // What cannot stand in a query must be in a body.
      if !operation.hasBody {
        for field in operation.fields {
          switch field.shape {
          case .object, .variants, .any: Issue.record("\(operation.path): \(field.name)")
          default: break
          }
        }
      }
    }
  }

  @Test("is served, and says what the answers are like")
  func answers() async throws {
    try await TestServer.with { server in
      let document = try await server.json("GET", "/v1/openapi.json")
      #expect(document == OpenAPIDocument.value(version: "1.2.3"))
      try await server.json(
        "POST", "/v1/episodes",
        [
          "id": "one", "taskDescription": "check the replica", "tags": ["db"],
          "outcome": ["kind": "success"],
          "steps": [
            [
              "tool": "psql", "action": "check lag", "result": ["kind": "error", "message": "lag"],
            ],
            ["tool": "psql", "action": "restart", "result": ["kind": "success"]],
          ],
        ], status: 201)
      try await server.json(
        "POST", "/v1/episodes/start", ["taskDescription": "go on", "id": "two"], status: 201)
      let point = try await server.json(
        "POST", "/v1/episodes/two/checkpoints", ["label": "a"], status: 201)
      let link = try await server.json(
        "POST", "/v1/relations", ["from": "two", "to": "one", "kind": "follows"], status: 201)
      _ = try await server.gate.memory().learnPending()
      let advice = try await server.json(
        "POST", "/v1/recommendations", ["task": "check the replica", "any": true])
      let pattern = try #require(advice["patterns"]?[0]?["id"]?.string)
      let values = [
        "episodeID": "two", "patternID": pattern,
        "relationID": try #require(link["relation"]?["id"]?.string),
        "checkpointID": try #require(point["checkpoint"]?["id"]?.string),
        "recommendationID": try #require(advice["recommendationID"]?.string),
      ]
      var count = 0
      for operation in Operations.all where operation.method == .get {
        if operation.path.contains("{buildID}") { continue }
        let queries = ["list_changes": "?after=0", "get_graph": "?dot=true"]
        let query = queries[operation.tool.name] ?? ""
        let path = operation.path.replacing(/\{(\w+)\}/) { values[String($0.1)] ?? "" }
        let answer = try await server.json("GET", path + query)
        #expect(throws: Never.self, "\(path): \(answer)") {
          try JSONShape.object(operation.tool.output).check(answer)
        }
        count += 1
      }
      #expect(count >= 24)
      for (path, body) in [
        ("/v1/search", ["query": "replica"]), ("/v1/patterns/search", ["query": "replica"]),
        ("/v1/recommendations", ["task": "replica"]), ("/v1/playbook", ["task": "replica"]),
        ("/v1/embed", ["text": "x"]), ("/v1/sync", [:]),
        ("/v1/index/measure", ["queryCount": 2]),
        ("/v1/tags/replace", ["tags": ["db"], "dryRun": true]),
        ("/v1/store/check", [:]), ("/v1/store/vacuum", ["confirm": true]),
        ("/v1/cache/validate", [:]), ("/v1/cache/check", ["repair": true]),
        ("/v1/cache/sweep", [:]), ("/v1/cache/refill", ["confirm": true]), ("/v1/learning", [:]),
        ("/v1/capacity/preview", ["episodesMax": 1]), ("/v1/index/verify", ["queryCount": 2]),
        ("/v1/capacity/enforce", ["confirm": true]),
        ("/v1/episodes/forget/preview", ["all": true]),
        ("/v1/episodes/forget/matching", ["confirm": true, "domain": "none"]),
        ("/v1/episodes/readmit", ["episodeIDs": ["x"]]),
        ("/v1/patterns/\(pattern)/explain", ["task": "replica"]),
        ("/v1/episodes/two/tags", ["add": ["x2"]]), ("/v1/episodes/two/resume", [:]),
      ] as [(String, JSONValue)] {
        let answer = try await server.json("POST", path, body)
        let operation = try #require(
          Operations.all.first {
            $0.method == .post
              && PathTemplate($0.path).match(path.dropFirst().split(separator: "/")) != nil
          })
        #expect(throws: Never.self, "\(path): \(answer)") {
          try JSONShape.object(operation.tool.output).check(answer)
        }
      }
    }
  }
}
