import Episodes
import Testing

@testable import EngramServer

@Suite("Bad input of tools")
struct ToolInputTests {
  /// Which tool, which arguments, and what the refusal must name.
  static let cases: [(String, [String: JSONValue], [String])] = [
    ("search_memory", [:], ["query", "is missing", "expected a string"]),
    ("search_memory", ["query": 7], ["query", "is a number", "expected a string"]),
    ("search_memory", ["query": "  "], ["query", "is empty"]),
    ("search_memory", ["querry": "x"], ["querry", "did you mean 'query'?"]),
    ("search_memory", ["query": "x", "limit": 0], ["limit", "is 0", "from 1 to 100"]),
    ("search_memory", ["query": "x", "limit": 1.5], ["limit", "is 1.5", "from 1 to 100"]),
    ("search_memory", ["query": "x", "mode": "txt"], ["mode", "'txt'", "did you mean 'text'?"]),
    ("search_memory", ["query": "x", "since": "last tuesday"], ["since", "'last tuesday'", "ISO 8601"]),
    ("search_memory", ["query": "x", "tags": ["a"]], ["tags[0]", "'a'"]),
    ("search_memory", ["query": "x", "diversity": 3], ["diversity", "from 0 to 1"]),
    ("get_episode", ["episodeID": "nobody"], ["episodeID", "'nobody'"]),
    ("start_episode", ["taskDescription": ""], ["taskDescription"]),
    (
      "start_episode", ["taskDescription": "x", "context": ["domian": "web"]],
      ["context.domian", "did you mean 'domain'?"]
    ),
    (
      "log_steps", ["episodeID": "nobody", "steps": [["tool": "a"]]],
      ["steps[0].action", "is missing"]
    ),
    (
      "log_steps",
      [
        "episodeID": "nobody",
        "steps": [["tool": "a", "action": "b", "result": ["kind": "sucess"]]],
      ], ["steps[0].result.kind", "did you mean 'success'?"]
    ),
    ("complete_episode", ["episodeID": "nobody", "outcome": ["kind": "failure"]], ["nobody"]),
    (
      "complete_episode", ["episodeID": "nobody", "outcome": ["kind": "failure", "verdict": "x"]],
      ["outcome.verdict", "'failure'"]
    ),
    (
      "give_feedback", ["recommendationID": "r", "patternID": "p", "effect": "great"],
      ["effect", "helped"]
    ),
    ("forget", ["episodeIDs": []], ["episodeIDs", "1 to 1000"]),
    ("memory_status", ["verbose": true], ["verbose"]),
    // Names that mean the same in another tool.
    ("search_memory", ["task": "x"], ["task", "did you mean 'query'?"]),
    ("search_memory", ["q": "x"], ["q:", "did you mean 'query'?"]),
    ("recommend", ["taskDescription": "x"], ["did you mean 'task'?"]),
    ("start_episode", ["task": "x"], ["did you mean 'taskDescription'?"]),
    ("get_episode", ["id": "x"], ["did you mean 'episodeID'?"]),
    ("get_episode", ["episode_id": "x"], ["did you mean 'episodeID'?"]),
    (
      "search_memory", ["query": "x", "since": "2026-05-01", "until": "2026-01-01"],
      ["until", "not after since"]
    ),
    (
      "log_steps", ["episodeID": "nobody", "steps": [["tool": "a", "action": "b"]]],
      ["episodeID: there is no episode 'nobody'"]
    ),
    (
      "complete_episode", ["episodeID": "nobody", "outcome": ["kind": "success"]],
      ["episodeID: there is no episode 'nobody'"]
    ),
  ]

  @Test("is a result that names the field and what would be right")
  func isNamed() async throws {
    try await TestClient.with { client in
      for (tool, arguments, parts) in Self.cases {
        let message = try await client.refusal(tool, arguments)
        for part in parts { #expect(message.contains(part), "\(tool): \(message)") }
      }
      // Arguments that are no object are no arguments.
      let answer = try await client.error(
        "tools/call", ["name": "memory_status", "arguments": [1]])
      #expect(answer.code == -32602)
    }
  }

  @Test("times may be told as how long ago they were")
  func times() async throws {
    try await TestClient.with { client in
      _ = try await client.call("start_episode", ["taskDescription": "now", "id": "now"])
      for (since, count) in [("30m", 1), ("12h", 1), ("4w", 1), ("0m", 0)] {
        let page = try await client.call("list_episodes", ["since": .string(since)])
        #expect(page["episodes"]?.list?.count == count, "\(since)")
      }
      for bad in ["7 days", "7x", "-1d", "d"] {
        let message = try await client.refusal("list_episodes", ["since": .string(bad)])
        #expect(message.contains("how long ago: 30m, 12h, 7d, 4w"), "\(message)")
      }
    }
  }

  @Test("a step or outcome too many is refused, and nothing is stored")
  func limits() async throws {
    try await TestClient.with { client in
      _ = try await client.call("start_episode", ["taskDescription": "long", "id": "long"])
      let none = try await client.refusal("log_steps", ["episodeID": "long", "steps": []])
      #expect(none.contains("steps: is empty"))
      let step: JSONValue = ["tool": "a", "action": "b"]
      let many = JSONValue.array(Array(repeating: step, count: 1001))
      let message = try await client.refusal("log_steps", ["episodeID": "long", "steps": many])
      #expect(message.contains("steps"))
      let text = JSONValue.string(String(repeating: "x", count: 10_001))
      let tooLong = try await client.refusal("start_episode", ["taskDescription": text])
      #expect(tooLong.contains("taskDescription"))
      let read = try await client.call("get_episode", ["episodeID": "long"])
      #expect(read["episode"]?["steps"] == [])
    }
  }
}
