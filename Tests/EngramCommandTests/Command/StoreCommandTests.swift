import Foundation
import Testing

@Suite("Store, export and analytics on the command line")
struct StoreCommandTests {
  private static let records = """
    {"id": "login", "taskDescription": "Fix the flaky login test", "taskType": "debugging", \
    "context": {"domain": "web", "language": "python"}, "tags": ["auth"], \
    "startTime": "2026-03-02T09:14:05.25Z", "endTime": "2026-03-02T09:31:40Z", \
    "steps": [{"tool": "edit", "action": "raise it", "parameters": {"a": 30.0, "b": 30, "c": 1e300}, \
    "latency": 2, "result": {"kind": "success", "output": "café \\u0000 'done'"}}], \
    "metadata": {"priority": "3"}, "location": {"lat": 48.85, "lon": 2.35}, \
    "checkpoints": [{"id": "c1", "episode": "login", "stepNumber": 1, \
    "timestamp": "2026-03-02T09:20:00Z", "label": "half way"}], \
    "outcome": {"kind": "success", "verdict": "raised the timeout"}}
    {"id": "refund", "taskDescription": "Refund a customer who was charged twice", \
    "context": {"domain": "support"}, "tags": ["billing", "urgent"], "metadata": {"priority": "10"}, \
    "startTime": "2026-03-05T10:00:00Z", "endTime": "2026-03-05T10:10:00Z", \
    "outcome": {"kind": "failure", "reason": "the payment provider was down"}}
    {"heuristic": {"id": "h", "condition": "c", "action": "a", "confidence": 0.5, "evidence": [], \
    "createdAt": "2026-03-02", "updatedAt": "2026-03-02"}}
    {"pattern": {"id": "p", "kind": {"name": "errorRecovery", "errorType": "timeout", \
    "recoverySteps": ["wait"]}, "context": {"domain": "web", "complexity": "simple", "tags": []}, \
    "successRate": 1, "occurrenceCount": 2, "effectiveness": {"timesRetrieved": 0, \
    "timesApplied": 0, "successWhenApplied": 0, "failureWhenApplied": 0, "averageRewardDelta": 0}, \
    "evidence": ["login"], "createdAt": "2026-03-02", "updatedAt": "2026-03-02"}}
    {"relationship": {"id": "r", "from": "refund", "to": "login", "kind": "follows", \
    "createdAt": "2026-03-02"}}

    """

  private func filledHome() throws -> CommandHome {
    let home = try CommandHome()
    let report = try home.succeed(
      "import", "jsonl", "-", "--format", "json", input: Self.records
    ).object()
    #expect(report["added"] as? Int == 2)
    for kind in ["patterns", "heuristics", "relationships"] {
      #expect(report[kind] as? Int == 1, "\(kind)")
    }
    return home
  }

  @Test("An export imported into an empty home is exported the same, byte for byte")
  func export() throws {
    let home = try filledHome()
    let first = try home.succeed("export").output
    #expect(first.split(separator: "\n").count == 5)
    let copy = try CommandHome()
    try copy.succeed("import", "jsonl", "-", input: first)
    #expect(try copy.succeed("export").output == first)
    // With vectors no model is needed.
    let path = home.folder.path("all.jsonl")
    let report = try home.succeed("export", path, "--embeddings", "--format", "json").object()
    #expect(report["embeddings"] as? Int == 2)
    #expect(report["relationships"] as? Int == 1)
    let without = try CommandHome()
    let run = try without.run(
      "import", "jsonl", path, environment: ["ENGRAM_MODEL_DIR": home.folder.path("none")])
    #expect(run.status == 0, "\(run.errors)")
    #expect(
      try without.succeed("export", "--embeddings").output
        == String(contentsOfFile: path, encoding: .utf8))
    // Again: all of it is there.
    let again = try without.succeed("import", "jsonl", path, "--format", "json").object()
    #expect(again["alreadyStored"] as? Int == 5)
    #expect(again["added"] as? Int == 0)
  }

  @Test("Lines of an export that cannot be are named and stop nothing")
  func badRecords() throws {
    let home = try CommandHome()
    let run = try home.run(
      "import", "jsonl", "-", "--format", "json",
      input: """
        {"relationship": {"id": "r", "from": "a", "to": "b", "kind": "follows", "createdAt": "2026-03-02"}}
        {"pattern": {"id": "p"}}
        {"heuristic": {}, "more": 1}
        {"embedding": {"owner": {"kind": "episode", "id": "x", "part": 0}, "model": "m", "contentHash": "h", "vector": "AAAAAA=="}}
        {"taskDescription": "good"}
        """)
    #expect(run.status == 65)
    #expect(try run.object()["added"] as? Int == 1)
    #expect(try run.object()["failedLines"] as? Int == 4)
    #expect(run.errorLines.contains { $0.contains("line 2: pattern: ") })
    #expect(run.errorLines.contains { $0.contains("line 3: ") })
    #expect(run.errorLines.contains { $0.contains("line 4: embedding.owner: ") })
    #expect(run.errorLines.contains { $0.contains("relationship 'r': there is no episode 'a'") })
  }

  @Test("A backup restored brings back what was deleted, and the cache follows")
  func backup() throws {
    let home = try filledHome()
    let path = home.folder.path("backup.db")
    let report = try home.succeed("store", "backup", path, "--format", "json").object()
    #expect(report["episodeCount"] as? Int == 2)
    expectFailure(try home.run("store", "backup", path), status: 73, naming: path, "--overwrite")
    try home.succeed("store", "backup", path, "--overwrite")
    try home.succeed("episode", "delete", "login")
    try home.succeed("store", "restore", path)
    #expect(try home.succeed("episode", "show", "login").output.contains("Fix the flaky"))
    try home.succeed("sync")
    #expect(
      try home.succeed("search", "flaky login", "--limit", "1").output.contains("Fix the flaky"))
    let words = try home.folder.write("words", to: "words.db")
    expectFailure(
      try home.run("store", "restore", words), status: 65, naming: "backup",
      "not an SQLite database")
    let none = home.folder.path("none")
    for file in [words, home.folder.path("missing.db")] {
      let run = try EngramProcess.run("store", "restore", file, "--home", none)
      expectFailure(run, status: file == words ? 65 : 66, naming: file, "backup")
      #expect(!FileManager.default.fileExists(atPath: none))
    }
  }

  @Test("A damaged store is kept beside the one that is restored")
  func restoreOverDamage() throws {
    let home = try filledHome()
    let backup = home.folder.path("backup.db")
    try home.succeed("store", "backup", backup)
    let store = home.path + "/engram.db"
    for format in ["json", "text"] {
      let words = "only words, \(format)"
      try words.write(toFile: store, atomically: false, encoding: .utf8)
      let run = try home.succeed("store", "restore", backup, "--format", format)
      let names = try FileManager.default.contentsOfDirectory(atPath: home.path)
      let kept = try #require(
        names.first {
          $0.hasPrefix("engram.db.damaged-")
            && (try? String(contentsOfFile: home.path + "/" + $0, encoding: .utf8)) == words
        })
      if format == "json" {
        #expect(try run.object()["setAsidePath"] as? String == home.path + "/" + kept)
      } else {
        #expect(run.output.contains("kept as \(home.path)/\(kept)"))
      }
      #expect(try home.succeed("episode", "show", "login").output.contains("Fix the flaky"))
      #expect(try home.succeed("store", "check").output == "the durable store is sound\n")
    }
  }

  @Test("Status, check and vacuum say how the store is")
  func status() throws {
    let home = try filledHome()
    let status = try home.succeed("store", "status", "--format", "json").object()
    #expect(status["isReachable"] as? Bool == true)
    let statements = status["statements"] as? [String: Any]
    let breaker = statements?["readBreaker"] as? [String: Any]
    #expect(breaker?["state"] as? String == "closed")
    let readers = statements?["readers"] as? [String: Any]
    #expect(readers?["connectionsMax"] as? Int == 9)
    #expect(try home.succeed("store", "status").output.contains("breaker closed"))
    #expect(try home.succeed("store", "check").output == "the durable store is sound\n")
    let vacuum = try home.succeed("store", "vacuum", "--format", "json").object()
    #expect((vacuum["bytesAfter"] as? Int ?? 0) > 0)
    // Damage that sqlite3 or another program did to an index.
    if FileManager.default.isExecutableFile(atPath: "/usr/bin/sqlite3") {
      _ = try TestProgram.output(
        "/usr/bin/sqlite3",
        [home.path + "/engram.db", ".timeout 60000", "DELETE FROM tags WHERE name = 'urgent'"])
      let run = try home.run("store", "check")
      #expect(run.status == 1)
      #expect(run.output.contains("tags of episodes are not in the tag index"))
    }
  }

  @Test("Listings are narrowed down by language, metadata and place")
  func filters() throws {
    let home = try filledHome()
    func ids(_ arguments: String...) throws -> [String] {
      let run = try EngramProcess.run(
        ["episode", "list", "--format", "json", "--home", home.path] + arguments)
      #expect(run.status == 0, "\(run.errors)")
      let episodes = try run.object()["episodes"] as? [[String: Any]] ?? []
      return episodes.compactMap { $0["id"] as? String }
    }
    #expect(try ids("--language", "python") == ["login"])
    #expect(try ids("--metadata", "priority>=4") == ["refund"])
    #expect(try ids("--metadata", "priority=3", "--metadata", "priority") == ["login"])
    #expect(try ids("--metadata", "priority!=3") == ["refund"])
    #expect(try ids("--metadata", "priority~1") == ["refund"])
    #expect(try ids("--near", "48.86, 2.34, 5km") == ["login"])
    #expect(try ids("--near", "48.86,2.34,100m").isEmpty)
    #expect(try ids("--within", "48,2,49,3") == ["login"])
    for arguments in [
      ["--near", "here"], ["--within", "1,2,3"], ["--metadata", "=x"],
      ["--near", "1,2,3", "--within", "1,2,3,4"],
    ] {
      let run = try EngramProcess.run(["episode", "list", "--home", home.path] + arguments)
      #expect(run.status == 64, "\(arguments): \(run.errors)")
    }
    #expect(try home.run("episode", "list", "--within", "9,2,3,4").status == 65)
  }

  @Test("Analytics count what the filters let through")
  func analytics() throws {
    let home = try filledHome()
    let report = try home.succeed("analytics", "--interval", "week", "--format", "json").object()
    let totals = report["totals"] as? [String: Any]
    #expect(totals?["episodes"] as? Int == 2)
    #expect(totals?["successRate"] as? Double == 0.5)
    let periods = report["periods"] as? [[String: Any]]
    #expect(periods?.count == 1)
    #expect(periods?.first?["start"] as? String == "2026-03-02T00:00:00Z")
    let text = try home.succeed("analytics", "--domain", "web").output
    #expect(text.hasPrefix("1 episodes, 1 finished: 1 succeeded"))
    #expect(text.contains("100.0 %"))
    #expect(try home.succeed("analytics", "--domain", "none").output == "no episode matches\n")
  }
}
