import Engram
import Episodes
import Foundation
import Testing

@Suite("What is forgotten, evicted and there twice, on the command line")
struct ForgettingCommandTests {
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
    // As a text nothing but ids, also where there are none.
    let again = try home.run("import", "jsonl", "-", "--acknowledge", input: lines)
    #expect(again.status == 0 && again.output == "a\n")
    #expect(again.errors.contains("were there already"))
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
    try home.start("a", namespace: "one")
    try home.start("b", namespace: "two")
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
    try home.start("a", "b", "c")
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
    try home.start("a")
    try home.succeed("episode", "start", "Task of a", "--id", "b", "--tag", "flaky")
    try home.succeed("episode", "start", "Water the plants on the balcony", "--id", "c")
    let found = try home.succeed("duplicates", "--format", "json").decode(NearDuplicates.self)
    #expect(found.pairs.map(\.second) == ["b"] && found.compared == 3)
    #expect(try home.succeed("duplicates").output.contains("1.0000"))
  }
}
