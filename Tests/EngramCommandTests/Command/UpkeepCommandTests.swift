import Engram
import Episodes
import Foundation
import Testing

@Suite("Upkeep on the command line")
struct UpkeepCommandTests {
  @discardableResult
  private func start(_ home: CommandHome, _ ids: String..., namespace: String = "default") throws
    -> [String]
  {
    for id in ids {
      try home.succeed(
        "episode", "start", "Task of \(id)", "--id", id, "--namespace", namespace, "--tag", "flaky")
    }
    return ids
  }

  @Test("Steps from standard input are logged together, and a bad line names itself")
  func steps() throws {
    let home = try CommandHome()
    try start(home, "a")
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
    try start(home, "a", "b")
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
    try start(home, "a", "b")
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
    try start(home, "deploy", "build")
    try start(home, "x", namespace: "team")
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

  @Test("Forgetting says what would go, and an import brings back only what it may")
  func forgetting() throws {
    let home = try CommandHome()
    let file = try home.folder.write(CommandHome.lines, to: "episodes.jsonl")
    try home.succeed("import", "jsonl", file)
    #expect(try home.run("forget").status == 64)
    #expect(try home.run("forget", "login", "--domain", "web").status == 64)
    expectFailure(try home.run("forget", "none"), status: 1, naming: "none")
    #expect(
      try home.succeed("forget", "--domain", "web", "--dry-run").output
        .hasPrefix("would forget 1 episode"), "the other is of another namespace")
    let planned = try home.succeed(
      "forget", "--domain", "web", "--all-namespaces", "--dry-run"
    ).output
    #expect(planned.hasPrefix("would forget 2 episodes") && planned.contains("login"))
    #expect(
      try home.succeed("forget", "--domain", "web", "--all-namespaces").output
        .hasPrefix("forgot 2 episodes"))
    #expect(!(try home.succeed("episode", "list").output.contains("login")))
    let database = try #require(FileManager.default.contents(atPath: home.path + "/engram.db"))
    #expect(database.range(of: Data("flaky login".utf8)) == nil)
    let again = try home.succeed("import", "jsonl", file, "--format", "json").object()
    #expect(again["forgotten"] as? Int == 2 && again["alreadyStored"] as? Int == 1)
    let back = try home.succeed(
      "import", "jsonl", file, "--allow-forgotten", "--format", "json"
    ).object()
    #expect(back["added"] as? Int == 2 && back["forgotten"] as? Int == 0)
    let all = try home.succeed("forget", "--all", "--all-namespaces", "--no-erase").output
    #expect(all.hasPrefix("forgot 3 episodes") && all.contains("vacuum"))
    #expect(try home.succeed("sync", "validate").status == 0)
  }

  @Test("The same content is imported once, unless copies are to be kept")
  func sameContent() throws {
    let home = try CommandHome()
    let lines = ["a", "b"].map {
      #"{"id": "\#($0)", "taskDescription": "Fix it", "startTime": "2026-03-02T09:14:05Z"}"#
    }.joined(separator: "\n")
    let run = try home.succeed(
      "import", "jsonl", "-", "--acknowledge", "--format", "json", input: lines)
    #expect(run.output.hasPrefix("a\n{") && run.output.contains("\"sameContent\" : 1"))
    let kept = try home.succeed(
      "import", "jsonl", "-", "--keep-copies", "--format", "json", input: lines
    ).object()
    #expect(kept["added"] as? Int == 1 && kept["alreadyStored"] as? Int == 1)
    // Lines that say no start begin one after the other.
    let timeless = ["c", "d"].map { #"{"id": "\#($0)", "taskDescription": "Fix it"}"# }
      .joined(separator: "\n")
    #expect(
      try home.succeed("import", "jsonl", "-", "--format", "json", input: timeless)
        .object()["added"] as? Int == 2)
  }

  @Test("Namespaces are listed, renamed and deleted")
  func namespaces() throws {
    let home = try CommandHome()
    try start(home, "a", namespace: "one")
    try start(home, "b", namespace: "two")
    #expect(try home.succeed("namespace", "list").output.contains("one"))
    expectFailure(try home.run("namespace", "rename", "one", "two"), status: 1, naming: "two")
    expectFailure(try home.run("namespace", "rename", "one", "two"), status: 1, naming: "--merge")
    #expect(
      try home.succeed("namespace", "rename", "one", "two", "--merge").output == "moved 1 episode\n"
    )
    #expect(
      try home.succeed("namespace", "delete", "two", "--dry-run").output
        .hasPrefix("would forget 2 episodes"))
    try home.succeed("namespace", "delete", "two")
    #expect(try home.succeed("namespace", "list", "--format", "json").output == "[\n\n]\n")
    expectFailure(try home.run("namespace", "delete", "two"), status: 1, naming: "two")
  }

  @Test("Limits are set, shown and enforced")
  func capacity() throws {
    let home = try CommandHome()
    try start(home, "a", "b", "c")
    #expect(try home.run("capacity", "set").status == 64)
    #expect(try home.succeed("capacity", "set", "--episodes", "2").output.contains("2"))
    #expect(
      try home.succeed("capacity", "enforce", "--dry-run").output == "would evict 1 episode\n  a\n")
    // Used now, so that another goes.
    try home.succeed("episode", "show", "a")
    #expect(try home.succeed("capacity", "enforce").output == "evicted 1 episode\n  b\n")
    let report = try home.succeed("capacity", "show", "--format", "json").object()
    #expect(report["episodes"] as? Int == 2)
    let line = #"{"taskDescription": "Long ago", "startTime": "2001-03-02T09:00:00Z"}"#
    let file = try home.folder.write(line + "\n", to: "old.jsonl")
    #expect(
      try home.succeed("import", "jsonl", file).output
        == "imported 1 episode, 1 was evicted: more than the limit allows\n")
    #expect(try home.succeed("episode", "list").output.contains("Long ago"))
    #expect(try home.succeed("capacity", "set", "--episodes", "0").output.contains("none"))
  }

  @Test("Near duplicates are listed in a table")
  func duplicates() throws {
    let home = try CommandHome()
    #expect(try home.run("duplicates", "--threshold", "2").status == 64)
    try start(home, "a")
    try home.succeed("episode", "start", "Task of a", "--id", "b", "--tag", "flaky")
    try home.succeed("episode", "start", "Water the plants on the balcony", "--id", "c")
    let found = try home.succeed("duplicates", "--format", "json").decode(NearDuplicates.self)
    #expect(found.pairs.map(\.second) == ["b"] && found.compared == 3)
    #expect(try home.succeed("duplicates").output.contains("1.0000"))
  }
}
