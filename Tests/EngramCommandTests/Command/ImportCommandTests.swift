import Foundation
import Testing

@Suite("Imports on the command line")
struct ImportCommandTests {
  private func counts(_ run: EngramProcess.Run) throws -> [Int] {
    let report = try run.object()
    return ["added", "alreadyStored", "failedLines"].compactMap { report[$0] as? Int }
  }

  @Test("A file imported twice is stored once")
  func twice() throws {
    let home = try CommandHome()
    let file = try home.folder.write(CommandHome.lines, to: "episodes.jsonl")
    #expect(
      try counts(home.succeed("import", "jsonl", file, "--format", "json")) == [3, 0, 0])
    #expect(
      try counts(home.succeed("import", "jsonl", file, "--format", "json")) == [0, 3, 0])
    #expect(
      try counts(
        home.succeed("import", "jsonl", "-", "--format", "json", input: CommandHome.lines))
        == [0, 3, 0])
    #expect(try home.succeed("stats", "--format", "json").object()["episodes"] as? Int == 3)
  }

  @Test("A bad line is named with its number and field, and stops nothing")
  func badLines() throws {
    let home = try CommandHome()
    let file = try home.folder.write(
      """
      {"taskDescription": "one"}
      {"taskDescription": "two", "steps": [{"latency": "long"}]}

      {"taskDescription": "three"
      {"taskDescription": "four", "startTime": "yesterday"}
      {"taskDescription": "five"}
      """, to: "episodes.jsonl")
    let run = try home.run("import", "jsonl", file, "--format", "json")
    #expect(run.status == 65)
    #expect(try counts(run) == [2, 0, 3])
    #expect(run.errorLines.count == 3)
    #expect(run.errorLines[0].hasPrefix("engram: \(file): line 2: steps[0].latency: "))
    #expect(run.errorLines[1].hasPrefix("engram: \(file): line 4: "))
    #expect(run.errorLines[2].hasPrefix("engram: \(file): line 5: startTime: "))
  }

  @Test("With --strict nothing is imported from the first bad line on")
  func strict() throws {
    let home = try CommandHome()
    let file = try home.folder.write(
      """
      {"id": "one", "taskDescription": "one"}
      {"taskDescription": ""}
      {"id": "three", "taskDescription": "three"}
      """, to: "episodes.jsonl")
    let run = try home.run("import", "jsonl", file, "--strict")
    #expect(run.status == 65)
    #expect(run.errorLines.first?.contains("line 2: taskDescription: ") == true)
    #expect(try home.run("episode", "show", "one").status == 0)
    #expect(try home.run("episode", "show", "three").status == 1)
  }

  @Test(
    "An import killed at any moment and run again holds every episode once",
    .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/sqlite3")))
  func killed() throws {
    let home = try CommandHome()
    let total = 3000
    // Few different texts: embedding each takes much longer than storing it.
    let lines = (0..<total).map {
      #"{"id": "episode-\#($0)", "taskDescription": "task number \#($0 % 8)", "#
        + #""startTime": "2026-03-02T09:14:05Z", "metadata": {"number": "\#($0)"}, "#
        + #""steps": [{"tool": "make", "action": "run it", "result": {"kind": "timeout"}}]}"#
    }
    let file = try home.folder.write(lines.joined(separator: "\n"), to: "episodes.jsonl")
    try home.succeed("init")
    func count() -> Int {
      let run = try? TestProgram.output(
        "/usr/bin/sqlite3",
        [home.path + "/engram.db", ".timeout 2000", "SELECT count(*) FROM episodes"])
      return run.flatMap { Int($0.trimmingCharacters(in: .newlines)) } ?? 0
    }
    var stopped: [Int] = []
    for least in [1, 700, 1700] {
      let run = try EngramProcess.start(["import", "jsonl", file, "--home", home.path])
      let end = Date().addingTimeInterval(180)
      while count() < least, run.isRunning, Date() < end { usleep(2000) }
      run.kill()
      #expect(try run.wait().status == 128 + SIGKILL)
      stopped.append(count())
    }
    print("killed after \(stopped) of \(total) episodes")
    #expect(stopped[0] > 0 && stopped[2] < total)
    #expect(stopped == stopped.sorted())

    let report = try home.succeed("import", "jsonl", file, "--format", "json").object()
    #expect(report["added"] as? Int == total - stopped[2])
    #expect(report["alreadyStored"] as? Int == stopped[2])
    let ids = try TestProgram.output(
      "/usr/bin/sqlite3", [home.path + "/engram.db", ".timeout 60000", "SELECT id FROM episodes"])
    let stored = ids.split(separator: "\n").map(String.init)
    #expect(stored.count == total)
    #expect(Set(stored) == Set((0..<total).map { "episode-\($0)" }))
    let sync = try home.succeed("sync", "--format", "json").object()
    let validation = sync["validation"] as? [String: Any]
    #expect(validation?["problems"] as? [String] == [])
    #expect(validation?["embeddingsInCache"] as? Int == total)
  }

  @Test("The history of a repository becomes episodes that are found by their subject")
  func git() async throws {
    let home = try CommandHome()
    let repository = home.folder.path("repository")
    try FileManager.default.createDirectory(
      atPath: repository, withIntermediateDirectories: true)
    let git = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-C", repository]
    _ = try TestProgram.output("/usr/bin/git", git + ["init", "-q"])
    for (name, subject) in [("a.py", "fix(login): raise the timeout"), ("b.md", "docs: a manual")] {
      _ = try home.folder.write(subject, to: "repository/\(name)")
      _ = try TestProgram.output("/usr/bin/git", git + ["add", "."])
      _ = try TestProgram.output("/usr/bin/git", git + ["commit", "-q", "-m", subject])
    }
    #expect(try counts(home.succeed("import", "git", repository, "--format", "json")) == [2, 0, 0])
    #expect(try counts(home.succeed("import", "git", repository, "--format", "json")) == [0, 2, 0])
    #expect(
      try home.succeed("search", "the login takes too long", "--limit", "1").output
        .contains("raise the timeout"))
    expectFailure(
      try home.run("import", "git", home.folder.path("nowhere")), status: 66, naming: "nowhere")
  }
}
