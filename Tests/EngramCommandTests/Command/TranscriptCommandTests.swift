import Foundation
import Testing

@Suite("engram import transcript")
struct TranscriptCommandTests {
  /// Lines of a session: requests, each with a call, its result and an answer.
  static func session(_ id: String, _ requests: ClosedRange<Int>) -> String {
    requests.map { request in
      func line(_ part: Int, _ type: String, _ message: String) -> String {
        #"{"type":"\#(type)","uuid":"\#(id)-\#(request)-\#(part)","sessionId":"\#(id)","timestamp":"2026-03-02T09:\#(10 + request):\#(10 + part).000Z","cwd":"/srv/shop","message":\#(message)}"#
          + "\n"
      }
      return line(0, "user", #"{"role":"user","content":"fix parser \#(id) \#(request)"}"#)
        + line(
          1, "assistant",
          #"{"role":"assistant","stop_reason":"tool_use","content":[{"type":"tool_use","id":"t\#(request)","name":"Bash","input":{"command":"make \#(request)"}}]}"#
        )
        + line(
          2, "user",
          #"{"role":"user","content":[{"type":"tool_result","tool_use_id":"t\#(request)","content":"ok"}]}"#
        )
        + line(
          3, "assistant",
          #"{"role":"assistant","stop_reason":"end_turn","content":[{"type":"text","text":"done \#(request)"}]}"#
        )
    }.joined()
  }

  private func counts(_ run: EngramProcess.Run) throws -> [String: Int] {
    try run.object().compactMapValues { $0 as? Int }
  }

  private func ids(_ home: CommandHome) throws -> [String] {
    let run = try home.succeed("episode", "list", "--limit", "1000", "--format", "json")
    let episodes = try run.object()["episodes"] as? [[String: Any]] ?? []
    return episodes.compactMap { $0["id"] as? String }.sorted()
  }

  @Test("The same file twice adds nothing, and a grown one what is new")
  func grows() throws {
    let home = try CommandHome()
    let whole = Self.session("s1", 1...3)
    let path = try home.folder.write(Self.session("s1", 1...2), to: "projects/shop/s1.jsonl")
    func run() throws -> [String: Int] {
      try counts(home.succeed("import", "transcript", path, "--format", "json"))
    }
    #expect(try run().filter { $0.value > 0 } == ["added": 2, "files": 1, "steps": 2])
    #expect(try run().filter { $0.value > 0 } == ["unchangedFiles": 1])
    // The third request without its answer, and with half a line of it.
    let lines = whole.split(separator: "\n", omittingEmptySubsequences: false)
    let half = lines[..<11].joined(separator: "\n") + "\n" + lines[11].prefix(40)
    _ = try home.folder.write(half, to: "projects/shop/s1.jsonl")
    let grown = try run()
    #expect(grown["added"] == 1 && grown["failedLines"] == 0)
    #expect(grown["updated"] == 0 && grown["unchanged"] == 1)
    let shown = try home.succeed("episode", "show", "claude-s1-3-0", "--format", "json").object()
    #expect(shown["outcome"] == nil || shown["outcome"] is NSNull)
    _ = try home.folder.write(whole, to: "projects/shop/s1.jsonl")
    #expect(try run()["updated"] == 1)
    let done = try home.succeed("episode", "show", "claude-s1-3-0", "--format", "json").object()
    #expect((done["outcome"] as? [String: Any])?["verdict"] as? String == "done 3")
    #expect(done["reward"] is [String: Any])
    #expect(try ids(home) == ["claude-s1-1-0", "claude-s1-2-0", "claude-s1-3-0"])
    let again = try counts(
      home.succeed("import", "transcript", path, "--again", "--format", "json"))
    #expect(again["unchanged"] == 3 && again["updated"] == 0 && again["added"] == 0)
  }

  @Test("A file that was replaced or cut is read from its beginning")
  func replaced() throws {
    let home = try CommandHome()
    let path = try home.folder.write(Self.session("s1", 1...5), to: "a.jsonl")
    try home.succeed("import", "transcript", path)
    _ = try home.folder.write(Self.session("s2", 1...6), to: "a.jsonl")
    let replaced = try counts(home.succeed("import", "transcript", path, "--format", "json"))
    #expect(replaced["added"] == 6)
    _ = try home.folder.write(Self.session("s3", 1...1), to: "a.jsonl")
    let cut = try counts(home.succeed("import", "transcript", path, "--format", "json"))
    #expect(cut["added"] == 1)
    #expect(try ids(home).count == 12)
  }

  @Test("Lost or damaged places lose and double nothing")
  func places() throws {
    let home = try CommandHome()
    let path = try home.folder.write(Self.session("s1", 1...3), to: "a.jsonl")
    try home.succeed("import", "transcript", path)
    let folder = home.path + "/transcripts"
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    #expect(names.count == 1)
    for text in ["", "{", #"{"version": 1, "path": "x"}"#] {
      try text.write(toFile: folder + "/" + names[0], atomically: true, encoding: .utf8)
      let run = try counts(home.succeed("import", "transcript", path, "--format", "json"))
      #expect(run["unchanged"] == 3 && run["added"] == 0)
    }
  }

  @Test("Folders are walked, other files passed over, and bad lines reported with their places")
  func folders() throws {
    let home = try CommandHome()
    _ = try home.folder.write(Self.session("s1", 1...2), to: "p/one/s1.jsonl")
    _ = try home.folder.write(
      Self.session("s2", 1...1) + "{broken\n" + Self.session("s2", 2...2), to: "p/two/s2.jsonl")
    _ = try home.folder.write("{\"a\": 1}\n", to: "p/other.json")
    _ = try home.folder.write("words", to: "p/notes.txt")
    let run = try home.run("import", "transcript", home.folder.path("p"), "--format", "json")
    #expect(run.status == 65)
    #expect(run.errors.contains("s2.jsonl: line 5: column"))
    let found = try counts(run)
    #expect(found["added"] == 4 && found["skippedFiles"] == 1 && found["failedLines"] == 1)
    let other = try home.run("import", "transcript", home.folder.path("p/other.json"))
    #expect(other.status == 65 && other.errors.contains("is no transcript that is known"))
    expectFailure(
      try home.run("import", "transcript", home.folder.path("none")), status: 66, naming: "none")
    #expect(try home.run("import", "transcript").status == 64)
  }

  @Test("A dry run tells and stores nothing; --since leaves out what is older")
  func dryRun() throws {
    let home = try CommandHome()
    let path = try home.folder.write(Self.session("s1", 1...3), to: "a.jsonl")
    let dry = try home.succeed("import", "transcript", path, "--dry-run")
    #expect(dry.output.contains("found 3 episodes") && dry.output.contains("fix parser s1 2"))
    #expect(!FileManager.default.fileExists(atPath: home.path))
    let since = try counts(
      home.succeed(
        "import", "transcript", path, "--since", "2026-03-02T09:12:30Z", "--format", "json"))
    #expect(since["added"] == 1)
    let rest = try counts(home.succeed("import", "transcript", path, "--format", "json"))
    #expect(rest["added"] == 2 && rest["unchanged"] == 1)
  }

  @Test("No byte of a secret reaches the home or the output")
  func secrets() throws {
    let home = try CommandHome()
    let key = "sk-" + "ant-api03-4f9Kq2Lm8Xw1Zc7Vb3Nt6Ry0"
    let own = "ACME" + "-77001234"
    let text = Self.session("s1", 1...1).replacingOccurrences(
      of: "make 1", with: "curl \(key) \(own)"
    )
    .replacingOccurrences(of: "fix parser", with: "fix \(key)")
    let path = try home.folder.write(text, to: "a.jsonl")
    let run = try home.succeed(
      "import", "transcript", path, "--redact-pattern", "ACME-[0-9]+", "--format", "json")
    let redactions = try run.object()["redactions"] as? [String: Int]
    #expect(redactions == ["token": 2, "userPattern": 1])
    let files = try #require(FileManager.default.enumerator(atPath: home.path))
    var count = 0
    while let name = files.nextObject() as? String {
      guard let data = FileManager.default.contents(atPath: home.path + "/" + name) else {
        continue
      }
      count += 1
      for secret in [key.suffix(20), own.suffix(8)] {
        #expect(data.range(of: Data(secret.utf8)) == nil, "\(name)")
        #expect(!run.output.contains(secret))
      }
    }
    #expect(count > 2)
    let wrong = try home.run("import", "transcript", path, "--redact-pattern", "(")
    #expect(wrong.status == 64 && wrong.errors.contains("--redact-pattern"))
  }

  @Test("An import that is killed at any moment is made up for by the next")
  func killed() throws {
    let folder = try TemporaryFolder()
    var expected: [String] = []
    for file in 0..<6 {
      _ = try folder.write(Self.session("s\(file)", 1...40), to: "p/s\(file).jsonl")
      expected += (1...40).map { "claude-s\(file)-\($0)-0" }
    }
    expected.sort()
    var milliseconds = 500.0
    var hits = 0
    for _ in 0..<20 where hits < 2 {
      let home = try CommandHome()
      try home.succeed("init")
      let started = try EngramProcess.start(
        ["import", "transcript", folder.path("p"), "--home", home.path])
      usleep(UInt32(milliseconds * 1_000))
      started.kill()
      _ = try started.wait()
      let stored = try ids(home).count
      if stored == 0 { milliseconds = min(milliseconds * 1.6, 20_000) }
      if stored == expected.count { milliseconds *= 0.6 }
      guard stored > 0, stored < expected.count else { continue }
      hits += 1
      milliseconds *= 1.1
      try home.succeed("import", "transcript", folder.path("p"))
      #expect(try ids(home) == expected)
      let again = try counts(
        home.succeed("import", "transcript", folder.path("p"), "--again", "--format", "json"))
      #expect(again["unchanged"] == expected.count && again["added"] == 0)
    }
    #expect(hits > 0, "no kill came in the midst of an import")
  }

  @Test("A message that stands in a file twice is one episode, as it is told last")
  func repeated() throws {
    let home = try CommandHome()
    let text = Self.session("s1", 1...1)
    let later = text.replacingOccurrences(of: "done 1", with: "done for good")
    let path = try home.folder.write(text + later, to: "a.jsonl")
    try home.succeed("import", "transcript", path)
    #expect(try ids(home) == ["claude-s1-1-0"])
    let shown = try home.succeed("episode", "show", "claude-s1-1-0", "--format", "json").object()
    #expect((shown["outcome"] as? [String: Any])?["verdict"] as? String == "done for good")
  }
}
