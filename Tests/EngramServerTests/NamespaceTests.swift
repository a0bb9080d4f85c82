import Engram
import Episodes
import Foundation
import Testing

@testable import EngramServer

@Suite("A server bound to a namespace")
struct NamespaceTests {
  @Test("shows and changes nothing else, and need not be told its name")
  func bound() async throws {
    try await TestClient.with(namespace: "shop") { client in
      let memory = try await client.gate.memory()
      let other = try await memory.startEpisode(
        NewTask("sort the invoices", namespace: "bank", id: "theirs"))
      let made = try await client.call(
        "start_episode", ["taskDescription": "sort the invoices", "id": "ours"])
      #expect(made["episode"]?["id"] == "ours")
      #expect(try await memory.episode(id: "ours")?.namespace == "shop")

      let found = try await client.call("search_memory", ["query": "invoices"])
      #expect(found["hits"]?.list?.count == 1)
      #expect(found["hits"]?[0]?["episode"]?["id"] == "ours")
      let listed = try await client.call("list_episodes")
      #expect(listed["episodes"]?.list?.count == 1)
      let resources = try await client.result("resources/list")
      #expect(resources["resources"]?.list?.compactMap { $0["name"] } == ["ours"])
      let theirs: [String: JSONValue] = ["uri": "engram://episode/theirs"]
      #expect(try await client.error("resources/read", theirs).code == -32002)

      let id = JSONValue.string(other.id)
      for (tool, arguments) in [
        ("get_episode", ["episodeID": id]), ("forget", ["episodeIDs": [id]]),
        ("log_steps", ["episodeID": id, "steps": [["tool": "a", "action": "b"]]]),
        ("complete_episode", ["episodeID": id, "outcome": ["kind": "success"]]),
        ("checkpoint", ["episodeID": id, "label": "x"]), ("resume", ["episodeID": id]),
        ("update_episode", ["episodeID": id, "agentID": "x"]),
        ("update_episode", ["episodeID": "ours", "supersededBy": id]),
      ] as [(String, [String: JSONValue])] {
        let message = try await client.refusal(tool, arguments)
        #expect(message.contains("there is no episode 'theirs'"), "\(tool): \(message)")
      }
      #expect(try await memory.episode(id: "theirs") == other)

      let refused = try await client.refusal(
        "search_memory", ["query": "invoices", "namespace": "bank"])
      #expect(refused.contains("namespace: is 'bank'; expected 'shop'"))
      _ = try await client.call("search_memory", ["query": "invoices", "namespace": "shop"])
      let tools = try await client.result("tools/list")["tools"]?.list ?? []
      #expect(tools.allSatisfy { $0["inputSchema"]?["properties"]?["namespace"] == nil })
    }
  }

  @Test("prompts speak of one namespace: the one that is named, or 'default'")
  func prompts() async throws {
    try await TestClient.with { client in
      let memory = try await client.gate.memory()
      _ = try await memory.startEpisode(NewTask("sort the invoices", namespace: "bank", id: "a"))
      _ = try await memory.startEpisode(NewTask("sort the invoices", id: "b"))
      for (namespace, mine, other) in [("bank", "[a]", "[b]"), ("default", "[b]", "[a]")] {
        var arguments: [String: JSONValue] = ["task": "invoices"]
        if namespace != "default" { arguments["namespace"] = .string(namespace) }
        let text = try await text(of: client, arguments)
        #expect(text.contains(mine) && !text.contains(other), "\(namespace): \(text)")
      }
      let names = try await client.result(
        "completion/complete",
        [
          "ref": ["type": "ref/prompt", "name": "recall-before-task"],
          "argument": ["name": "namespace", "value": "b"],
        ])
      #expect(names["completion"]?["values"] == ["bank"])
    }
    try await TestClient.with(namespace: "bank") { client in
      let error = try await client.error(
        "prompts/get",
        ["name": "recall-before-task", "arguments": ["task": "x", "namespace": "shop"]])
      #expect(error.message.contains("arguments.namespace: is 'shop'; expected 'bank'"))
    }
  }

  @Test("recalled patterns come with the id for feedback on them")
  func recommends() async throws {
    try await TestClient.with { client in
      _ = try await client.gate.memory().importEpisodes((1...6).map { ResourceTests.episode($0) })
      _ = try await client.gate.memory().learnPending()
      let text = try await text(of: client, ["task": "the task number 1", "domain": "web"])
      let parts = text.components(between: "(recommendationID ", and: ")")
      let recommendation = try #require(parts)
      let pattern = try #require(text.components(between: "pattern ", and: ")"))
      let told = try await client.call(
        "give_feedback",
        [
          "recommendationID": .string(recommendation), "patternID": .string(pattern),
          "effect": "helped",
        ])
      #expect(told["effect"] == "helped")
    }
  }

  private func text(
    of client: TestClient, _ arguments: [String: JSONValue]
  ) async throws -> String {
    let prompt = try await client.result(
      "prompts/get", ["name": "recall-before-task", "arguments": .object(arguments)])
    return try #require(prompt["messages"]?[0]?["content"]?["text"]?.string)
  }
}

extension String {
  fileprivate func components(between start: String, and end: String) -> String? {
    guard let from = range(of: start)?.upperBound,
      let to = self[from...].range(of: end)?.lowerBound
    else { return nil }
    return String(self[from..<to])
  }
}
