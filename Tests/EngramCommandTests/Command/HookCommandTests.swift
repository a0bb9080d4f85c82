import Episodes
import Foundation
import Testing

@testable import EngramCommand

@Suite("engram hook and engram watch")
struct HookCommandTests {
  @Test("The hook records what is new, says nothing, and never fails")
  func records() throws {
    let home = try CommandHome()
    let path = try home.folder.write(TranscriptCommandTests.session("s1", 1...2), to: "s.jsonl")
    let input = #"{"session_id": "s1", "transcript_path": "\#(path)", "hook_event_name": "Stop"}"#
    for _ in 0..<2 {
      let run = try home.succeed("hook", input: input)
      #expect(run.output.isEmpty)
    }
    #expect(try home.succeed("episode", "list").output.split(separator: "\n").count == 2)
    let missing = home.folder.path("none.jsonl")
    for bad in [
      "", "[]", "{}", "\u{0}", #"{"transcript_path": 7}"#,
      #"{"transcript_path": "\#(missing)"}"#,
    ] {
      let run = try home.run("hook", input: bad)
      #expect(run.status == 0 && run.output.isEmpty)
      #expect(run.errors.hasPrefix("engram: hook: nothing was recorded: "), "\(bad)")
      #expect(run.errorLines.count == 1)
    }
  }

  @Test("A sub-agent's transcript is recorded as a session of its own")
  func subagents() throws {
    let home = try CommandHome()
    let session = TranscriptCommandTests.session("s1", 1...1)
    let agent = TranscriptCommandTests.session("s1", 2...2)
      .replacingOccurrences(of: #""uuid""#, with: #""isSidechain":true,"agentId":"a7","uuid""#)
    let input = """
      {"hook_event_name": "SubagentStop", \
      "transcript_path": "\(try home.folder.write(session, to: "s1.jsonl"))", \
      "agent_transcript_path": "\(try home.folder.write(agent, to: "s1/agent-a7.jsonl"))"}
      """
    try home.succeed("hook", input: input)
    let shown = try home.succeed("episode", "show", "claude-s1-2-0", "--format", "json").object()
    #expect(shown["sessionID"] as? String == "s1.a7")
  }

  @Test("A transcript that is not there keeps no other back")
  func onePath() throws {
    let home = try CommandHome()
    let path = try home.folder.write(TranscriptCommandTests.session("s1", 1...1), to: "s.jsonl")
    let input = """
      {"transcript_path": "\(home.folder.path("none.jsonl"))", "agent_transcript_path": "\(path)"}
      """
    let run = try home.run("hook", input: input)
    #expect(run.status == 0 && run.errors.contains("none.jsonl"))
    #expect(try home.succeed("episode", "list").output.contains("fix parser s1 1"))
  }

  @Test("Nobody reading what went wrong ends no hook")
  func unread() throws {
    let folder = try TemporaryFolder()
    let shell = Process()
    shell.executableURL = URL(fileURLWithPath: "/bin/sh")
    shell.arguments = [
      "-c", "(\"$0\" hook </dev/null 2>&3; echo $? >\"$1\") 3>&1 >/dev/null | true",
      EngramProcess.path, folder.path("status"),
    ]
    try shell.run()
    shell.waitUntilExit()
    let status = try String(contentsOfFile: folder.path("status"), encoding: .utf8)
    #expect(status == "0\n")
  }

  @Test("Installing shows the change, writes it once, and keeps what was there")
  func installs() throws {
    let folder = try TemporaryFolder()
    let settings = try folder.write(
      #"""
      {
        // mine
        "model": "opus",
        "hooks": {"Stop": [{"hooks": [{"type": "command", "command": "say done"}]}]}
      }

      """#, to: "home/.claude/settings.json")
    let old = try String(contentsOfFile: settings, encoding: .utf8)
    func install(_ arguments: String...) throws -> EngramProcess.Run {
      try EngramProcess.run(
        ["hook", "install", "--command", "/opt/engram 1/engram"] + arguments,
        environment: ["HOME": folder.path("home"), "CLAUDE_CONFIG_DIR": ""])
    }
    let dry = try install("--dry-run")
    #expect(dry.status == 0, "\(dry.errors)")
    #expect(try String(contentsOfFile: settings, encoding: .utf8) == old)
    let run = try install()
    #expect(run.status == 0 && run.output == dry.output)
    let text = try String(contentsOfFile: settings, encoding: .utf8)
    for part in [
      "// mine", "say done", "SubagentStop", "SessionEnd", "'/opt/engram 1/engram' hook",
    ] {
      #expect(text.contains(part), "\(text)")
    }
    #expect(try install().output.contains("has the hook already"))
    #expect(try String(contentsOfFile: settings, encoding: .utf8) == text)
    try #"{"hooks": []}"#.write(toFile: settings, atomically: true, encoding: .utf8)
    let refused = try install()
    #expect(refused.status == 65 && refused.errors.contains("stays as it is"))
  }

  @Test("A watched folder is imported as it grows, until the watch is told to end")
  func watches() async throws {
    let home = try CommandHome()
    let first = try home.folder.write(TranscriptCommandTests.session("s1", 1...1), to: "w/s1.jsonl")
    let watch = try EngramProcess.start([
      "watch", home.folder.path("w"), "--interval", "0.1", "--format", "json", "--home", home.path,
    ])
    defer { watch.kill() }
    func added() throws -> Int {
      let text = try String(
        contentsOf: watch.folder.url.appendingPathComponent("output"), encoding: .utf8)
      var count = 0
      for line in text.split(separator: "\n") {
        let value = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
        count += (value?["report"] as? [String: Any])?["added"] as? Int ?? 0
      }
      return count
    }
    #expect(try await eventually { try added() == 1 })
    _ = try home.folder.write(TranscriptCommandTests.session("s1", 1...3), to: "w/s1.jsonl")
    _ = try home.folder.write(TranscriptCommandTests.session("s2", 1...1), to: "w/deep/s2.jsonl")
    #expect(try await eventually { try added() == 4 })
    kill(watch.process.processIdentifier, SIGTERM)
    let run = try watch.wait()
    #expect(run.status == 0 && run.errors == "")
    // It stopped where it was: an import finds nothing new.
    let rest = try home.succeed("import", "transcript", first, "--format", "json").object()
    #expect(rest["unchangedFiles"] as? Int == 1)
  }
}
