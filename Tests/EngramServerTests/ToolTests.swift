import Engram
import Episodes
import Foundation
import Testing

@testable import EngramServer

@Suite("The tools")
struct ToolTests {
  @Test("are at most sixteen, with schemas, one line, and all four hints, always in the same order")
  func areListed() async throws {
    try await TestClient.with { client in
      let result = try await client.result("tools/list")
      let tools = try #require(result["tools"]?.list)
      #expect(tools.count <= 16)
      #expect(Set(tools.compactMap { $0["name"]?.string }).count == tools.count)
      for tool in tools {
        let name = try #require(tool["name"]?.string)
        #expect(name.allSatisfy { $0.isLowercase || $0 == "_" })
        let summary = try #require(tool["description"]?.string)
        #expect(summary.hasPrefix("Use ") && !summary.contains("\n"), "\(name)")
        #expect(tool["title"]?.string?.isEmpty == false)
        #expect(tool["inputSchema"]?["type"] == "object")
        #expect(tool["inputSchema"]?["additionalProperties"] == .bool(false))
        #expect(tool["outputSchema"]?["type"] == "object")
        #expect(
          tool["annotations"]?.names.isSuperset(of: [
            "readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint",
          ]) == true)
      }
      #expect(try await client.result("tools/list") == result)
      // A model reads all of it before it does anything.
      let text = JSONWriter.text(of: result)
      #expect(text.utf8.count < 27_000)
      #expect(!text.contains(".;"))
    }
  }

  @Test("have no structured results in versions that know none")
  func olderVersions() async throws {
    try await TestClient.with(version: "2024-11-05") { client in
      let tools = try await client.result("tools/list")
      #expect(tools["tools"]?[0]?.names == ["name", "description", "inputSchema"])
      let result = try await client.result(
        "tools/call", ["name": "memory_status", "arguments": [:]])
      #expect(result.names == ["content", "isError"])
    }
  }

  @Test("take an episode from its start to what was learned from it", arguments: [false, true])
  func lifecycle(isStateless: Bool) async throws {
    try await TestClient.with(isStateless: isStateless) { client in
      let started = try await client.call(
        "start_episode",
        [
          "taskDescription": "Fix the flaky login test", "taskType": "debugging",
          "context": ["domain": "web", "language": "python"], "tags": ["Auth"],
          "metadata": ["ticket": "WEB-41"],
        ])
      let id = try #require(started["episode"]?["id"])
      let logged = try await client.call(
        "log_steps",
        [
          "episodeID": id,
          "steps": [
            [
              "tool": "pytest", "action": "run",
              "result": ["kind": "error", "message": "1 failed"],
            ],
            [
              "tool": "edit", "action": "raise the timeout", "parameters": ["file": "a.py"],
              "result": ["kind": "success", "output": "done"], "latency": 1,
            ],
          ],
        ])
      #expect(logged["numbers"] == [1, 2])
      let checkpoint = try await client.call(
        "checkpoint", ["episodeID": id, "label": "edited", "note": "not run yet"])
      let resumed = try await client.call(
        "resume",
        [
          "episodeID": id, "checkpointID": try #require(checkpoint["checkpoint"]?["id"]),
          "agentID": "ben",
        ])
      #expect(resumed["nextStepNumber"] == 3)
      #expect(resumed["goal"] == "Fix the flaky login test")
      let unfinished = try await client.call("list_episodes", ["onlyUnfinished": true])
      #expect(unfinished["episodes"]?[0]?["id"] == id)
      let completed = try await client.call(
        "complete_episode",
        ["episodeID": id, "outcome": ["kind": "success", "verdict": "raised the timeout"]])
      #expect(completed["episode"]?["outcome"] == "success")
      #expect(completed["reward"]?["base"] == 1)
      let found = try await client.call("search_memory", ["query": "flaky login", "domain": "web"])
      #expect(found["mode"] == "hybrid")
      #expect(found["hits"]?[0]?["episode"]?["id"] == id)
      #expect(found["hits"]?[0]?["episode"]?["tags"] == ["auth"])
      let read = try await client.call("get_episode", ["episodeID": id])
      #expect(read["episode"]?["agentID"] == "ben")
      #expect(read["episode"]?["steps"]?[1]?["parameters"]?["file"] == "a.py")

      _ = try await client.gate.memory().learnPending()
      let recommended = try await client.call(
        "recommend", ["task": "raise the timeout", "context": ["domain": "web"]])
      let pattern = try #require(recommended["patterns"]?[0]?["id"])
      let recommendation = try #require(recommended["recommendationID"])
      let feedback = try await client.call(
        "give_feedback",
        ["recommendationID": recommendation, "patternID": pattern, "effect": "helped"])
      #expect(feedback["effect"] == "helped")
      let patterns = try await client.call("search_patterns", ["query": "timeout"])
      #expect(patterns["patterns"]?.list?.contains { $0["timesApplied"] == 1 } == true)
      let playbook = try await client.call("get_playbook", ["task": "flaky login test"])
      #expect(playbook["playbook"]?["steps"]?.list?.isEmpty == false)
      let status = try await client.call("memory_status")
      #expect(status["episodes"] == 1)
      #expect(status["model"] == "ready")
    }
  }

  @Test("record whole episodes once, and refuse an id that is taken")
  func records() async throws {
    try await TestClient.with { client in
      let arguments: [String: JSONValue] = [
        "id": "deploy-1", "taskDescription": "Deploy", "startTime": "2026-03-02T09:14:05.25Z",
        "endTime": "2026-03-02T09:20:00Z", "outcome": ["kind": "failure", "reason": "no disk"],
        "steps": [["tool": "sh", "action": "deploy", "result": ["kind": "timeout"]]],
      ]
      let recorded = try await client.call("record_episode", arguments)
      #expect(recorded["episode"]?["startTime"] == "2026-03-02T09:14:05.250Z")
      #expect(recorded["reflection"] != nil)
      let again = try await client.refusal("record_episode", arguments)
      #expect(again.contains("id: 'deploy-1' is taken"))
      var copy = arguments
      copy["id"] = "deploy-2"
      let same = try await client.call("record_episode", copy)
      #expect(same["note"]?.string?.contains("stored already") == true)
      #expect(same["episode"]?["id"] == "deploy-1", "it can be read under the id that is told")
      #expect(try await client.call("memory_status")["episodes"] == 1)
    }
  }

  @Test("an abstention that does not say its step came at the last one")
  func abstentions() async throws {
    try await TestClient.with { client in
      _ = try await client.call("start_episode", ["taskDescription": "a task", "id": "one"])
      let step: JSONValue = ["tool": "sh", "action": "try"]
      _ = try await client.call(
        "log_steps",
        ["episodeID": "one", "steps": .array([JSONValue](repeating: step, count: 12))])
      let outcome: JSONValue = ["kind": "abstained", "reason": "r"]
      let late = try await client.call(
        "complete_episode", ["episodeID": "one", "outcome": outcome])
      #expect(late["reward"]?["base"] == 0)
      let early = try await client.call(
        "record_episode",
        ["taskDescription": "another", "outcome": outcome, "steps": .array([step, step])])
      #expect(early["reward"]?["base"] == 0.8)
    }
  }

  @Test("update, supersede and forget")
  func changes() async throws {
    try await TestClient.with { client in
      var ids: [JSONValue] = []
      for name in ["Move the invoices", "Move the invoices again"] {
        let started = try await client.call("start_episode", ["taskDescription": .string(name)])
        ids.append(try #require(started["episode"]?["id"]))
      }
      let updated = try await client.call(
        "update_episode",
        ["episodeID": ids[0], "tags": ["billing"], "supersededBy": ids[1]])
      #expect(updated["episode"]?["tags"] == ["billing"])
      #expect(updated["episode"]?["supersededBy"] == ids[1])
      let nothing = try await client.refusal("update_episode", ["episodeID": ids[0]])
      #expect(nothing.contains("nothing to change"))
      let unknown = try await client.refusal("forget", ["episodeIDs": [ids[0], "nobody"]])
      #expect(unknown.contains("nobody"))
      let dry = try await client.call("forget", ["episodeIDs": [ids[0]], "dryRun": true])
      #expect(dry["episodes"] == 1)
      #expect(try await client.call("memory_status")["episodes"] == 2)
      let gone = try await client.call("forget", ["episodeIDs": .array(ids)])
      #expect(gone["episodes"] == 2)
      #expect(gone["isErased"] == .bool(true))
      let found = try await client.call("search_memory", ["query": "invoices"])
      #expect(found["hits"] == [])
    }
  }

  @Test("list in pages that leave nothing out")
  func pages() async throws {
    try await TestClient.with { client in
      for number in 1...5 {
        _ = try await client.call(
          "start_episode",
          ["taskDescription": .string("task \(number)"), "id": .string("t\(number)")]
        )
      }
      var seen: [String] = []
      var cursor: JSONValue?
      repeat {
        var arguments: [String: JSONValue] = ["limit": 2]
        if let cursor { arguments["cursor"] = cursor }
        let page = try await client.call("list_episodes", arguments)
        seen += page["episodes"]?.list?.compactMap { $0["id"]?.string } ?? []
        cursor = page["nextCursor"]
      } while cursor != nil && seen.count < 20
      #expect(seen == ["t5", "t4", "t3", "t2", "t1"])
      let bad = try await client.refusal("list_episodes", ["cursor": "nonsense"])
      #expect(bad.contains("cursor"))
    }
  }

  @Test("the results of every tool have the shape that is told")
  func shapes() async throws {
    try await TestClient.with { client in
      _ = try await client.call("start_episode", ["taskDescription": "a task", "id": "one"])
      let calls: [(String, [String: JSONValue])] = [
        ("search_memory", ["query": "task"]), ("recommend", ["task": "x"]),
        ("get_playbook", ["task": "x"]), ("get_episode", ["episodeID": "one"]),
        ("list_episodes", [:]), ("search_patterns", ["query": "x"]), ("memory_status", [:]),
        ("checkpoint", ["episodeID": "one", "label": "here"]), ("resume", ["episodeID": "one"]),
        ("log_steps", ["episodeID": "one", "steps": [["tool": "a", "action": "b"]]]),
        ("update_episode", ["episodeID": "one", "agentID": "ben"]),
        (
          "complete_episode",
          ["episodeID": "one", "outcome": ["kind": "abstained", "reason": "r"]]
        ),
        ("forget", ["episodeIDs": ["one"]]),
      ]
      for (name, arguments) in calls {
        let result = try await client.call(name, arguments)
        let tool = try #require(Tools.byName[name])
        #expect(throws: Never.self, "\(name)") {
          try JSONShape.object(tool.output).check(result)
        }
      }
    }
  }
}
