import Engram
import Episodes
import Foundation
import Testing

@Suite("Upkeep on the command line")
struct UpkeepCommandTests {
  @Test("Steps from standard input are logged together, and a bad line names itself")
  func steps() throws {
    let home = try CommandHome()
    try home.start("a")
    let lines = """
      {"tool": "grep", "action": "look", "result": {"kind": "success", "output": "3 matches"}}

      {"tool": "edit", "action": "change", "timestamp": "2026-03-02T09:14:05Z", "tokensUsed": 7}
      """
    #expect(
      try home.succeed("episode", "log", "a", "--steps", "-", input: lines).output == "1\n2\n")
    let shown = try home.succeed("episode", "show", "a", "--format", "json").decode(Episode.self)
    #expect(shown.steps.map(\.action) == ["look", "change"])
    #expect(shown.steps[1].timestamp == Timestamp("2026-03-02T09:14:05Z"))
    #expect(shown.steps[1].tokensUsed == 7)
    for (line, part) in [
      (#"{"tool": "t"}"#, "action"), (#"{"tool": "t", "action": "a", "number": 3}"#, "number"),
      (#"{"tool": "t", "action": "a", "latencySeconds": 3}"#, "latencySeconds"), ("[]", "line 1"),
    ] {
      expectFailure(
        try home.run("episode", "log", "a", "--steps", "-", input: line), status: 65, naming: part)
    }
    #expect(
      try home.run("episode", "log", "a", "--steps", "-", "--tool", "t").status == 64)
    try home.succeed("episode", "complete", "a", "--abstain", "no access")
    expectFailure(
      try home.run("episode", "log", "a", "--steps", "-", input: lines), status: 1, naming: "a")
  }

  @Test("Fields are changed, and unfinished episodes listed and resumed")
  func updateAndResume() throws {
    let home = try CommandHome()
    try home.start("a", "b")
    try home.succeed("episode", "complete", "b", "--success", "done")
    let updated = try home.succeed(
      "episode", "update", "a", "--description", "Fix the printer", "--domain", "hardware",
      "--metadata", "ticket=SUP-12", "--agent", "ann", "--tag", "urgent", "--location",
      "48.85,2.35",
      "--valid-until", "2027-01-01", "--format", "json"
    ).decode(Episode.self)
    #expect(updated.taskDescription == "Fix the printer" && updated.context.domain == "hardware")
    #expect(updated.agentID == "ann" && updated.tags.map(\.name) == ["urgent"])
    #expect(updated.location == Location(latitude: 48.85, longitude: 2.35))
    #expect(updated.validUntil == Timestamp("2027-01-01"))
    let cleared = try home.succeed(
      "episode", "update", "a", "--agent", "", "--remove-metadata", "ticket", "--format", "json"
    ).decode(Episode.self)
    #expect(cleared.agentID == nil && cleared.metadata == [:])
    #expect(try home.run("episode", "update", "a").status == 64)
    expectFailure(
      try home.run("episode", "update", "a", "--description", " "), status: 65,
      naming: "taskDescription")
    #expect(try home.succeed("episode", "list", "--unfinished").output.hasPrefix("a  "))
    expectFailure(
      try home.run("episode", "show", "a", "--namespace", "team"), status: 1, naming: "team")

    let point = try home.succeed(
      "checkpoint", "create", "a", "before the test", "--note", "paper is in"
    ).output.trimmingCharacters(in: .newlines)
    #expect(try home.succeed("checkpoint", "list", "a").output.contains("paper is in"))
    try home.succeed("episode", "log", "a", "--tool", "lp", "--action", "print", "--error", "jam")
    let text = try home.succeed("resume", "a", "--checkpoint", point, "--agent", "ben").output
    #expect(text.contains("step 2") && text.contains("1 step") && text.contains("lp: print → jam"))
    let pack = try home.succeed("handoff", "a", "--format", "json").decode(HandoffPack.self)
    #expect(pack.goal == "Fix the printer" && pack.whatFailed == ["lp: print → jam"])
    expectFailure(try home.run("resume", "b"), status: 1, naming: "b", "complete")
    try home.succeed("checkpoint", "delete", point)
    expectFailure(try home.run("checkpoint", "delete", point), status: 1, naming: point)
  }

  @Test("Tags are listed, renamed, merged and deleted; a dry run changes nothing")
  func tags() throws {
    let home = try CommandHome()
    try home.start("a", "b")
    #expect(try home.succeed("tag", "add", "a", "Slow", "ci").output == "flaky slow ci\n")
    #expect(try home.succeed("tag", "remove", "a", "ci").output == "flaky slow\n")
    #expect(
      try home.succeed("tag", "rename", "flaky", "shaky", "--dry-run").output
        == "would change 2 episodes\n")
    #expect(try home.succeed("tag", "rename", "flaky", "shaky").output == "changed 2 episodes\n")
    #expect(
      try home.succeed("tag", "merge", "shaky", "slow", "--into", "bad", "--format", "json")
        .object()["episodes"] as? Int == 2)
    let listed = try home.succeed("tag", "list", "--format", "json").json() as? [[String: Any]]
    #expect(listed?.count == 1 && listed?.first?["tag"] as? String == "bad")
    #expect(try home.succeed("tag", "list").output.contains("bad"))
    #expect(
      try home.succeed("tag", "delete", "bad", "--namespace", "team").output
        == "nothing to change: no episode of namespace 'team' has the tag 'bad'\n")
    #expect(try home.succeed("tag", "delete", "bad").output == "changed 2 episodes\n")
    #expect(try home.succeed("tag", "list").output == "no episode has a tag\n")
    expectFailure(try home.run("tag", "add", "a", "x y"), status: 65, naming: "x y")
  }

  @Test("Links are added, listed, drawn, ordered and removed")
  func relations() throws {
    let home = try CommandHome()
    try home.start("deploy", "build")
    try home.start("x", namespace: "team")
    let id = try home.succeed(
      "relation", "add", "deploy", "build", "--kind", "dependsOn", "--reason", "the \"artifact\""
    ).output.trimmingCharacters(in: .newlines)
    for (to, status) in [("x", Int32(65)), ("none", 1)] {
      expectFailure(
        try home.run("relation", "add", "build", to, "--kind", "blocks"), status: status,
        naming: "build", to)
    }
    expectFailure(
      try home.run("relation", "add", "build", "deploy", "--kind", "dependsOn"), status: 65,
      naming: "build", "deploy", "cycle")
    #expect(try home.succeed("relation", "list", "deploy").output.contains("dependsOn"))
    #expect(
      try home.succeed("relation", "list", "--namespace", "team").output == "no relationship\n")
    let dot = try home.succeed("relation", "graph", "deploy").output
    #expect(dot.hasPrefix("digraph") && dot.contains(#"the \"artifact\""#))
    let graph = try home.succeed("relation", "graph", "deploy", "--format", "json")
      .decode(RelationshipGraph.self)
    #expect(graph.nodes.map(\.id) == ["deploy", "build"])
    let order = try home.succeed("relation", "order", "--format", "json").json() as? [[String: Any]]
    #expect(order?.compactMap { $0["id"] as? String } == ["build", "deploy"])
    #expect(order?.compactMap { $0["depth"] as? Int } == [0, 1])
    try home.succeed("relation", "update", id, "--priority", "3", "--reason", "")
    let links =
      try home.succeed("relation", "list", "deploy", "--format", "json").decode([Relationship].self)
    #expect(links.map(\.priority) == [3] && links.first?.reason == nil)
    try home.succeed("relation", "remove", id)
    expectFailure(try home.run("relation", "remove", id), status: 1, naming: id)
  }

  @Test("A superseded episode has a history, and is left out where that is asked")
  func history() throws {
    let home = try CommandHome()
    let lines = ["old", "new"].enumerated().map { day, id in
      #"{"id": "\#(id)", "taskDescription": "Task of \#(id)", "startTime": "2026-03-0\#(day + 1)T09:00:00Z"}"#
    }
    let file = try home.folder.write(lines.joined(separator: "\n"), to: "episodes.jsonl")
    try home.succeed("import", "jsonl", file)
    try home.succeed("episode", "supersede", "old", "new")
    #expect(try home.succeed("history", "new").output.contains("old"))
    #expect(try home.succeed("search", "task").output.contains("superseded by new"))
    #expect(try home.succeed("episode", "list").output.contains("superseded by new"))
    #expect(try home.succeed("episode", "show", "old").output.contains("superseded by new"))
    #expect(!(try home.succeed("episode", "show", "new").output.contains("superseded")))
    let history = try home.succeed("history", "old", "--format", "json").decode([Episode].self)
    #expect(history.map(\.id) == ["old", "new"])
    #expect(!(try home.succeed("episode", "list", "--current").output.contains("old")))
    #expect(
      try home.succeed("episode", "list", "--current", "--as-of", "1h").output.hasPrefix("old"))
    #expect(
      !(try home.succeed("episode", "list", "--as-of", "2026-02-28").output.contains("old")),
      "it had not begun")
    expectFailure(
      try home.run("episode", "supersede", "new", "old"), status: 65, naming: "old", "new")
  }
}
