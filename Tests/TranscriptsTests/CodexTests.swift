import Episodes
import Testing
import Transcripts

@Suite("Codex rollouts")
struct CodexTests {
  private func line(_ type: String, _ payload: String) -> String {
    #"{"timestamp": "2026-04-05T10:00:00.000Z", "type": "\#(type)", "payload": \#(payload)}"#
  }

  private func episode(_ payloads: [(type: String, payload: String)]) throws -> Episode {
    let head = [
      line("session_meta", #"{"id": "c1", "cwd": "/srv/x"}"#),
      line(
        "response_item",
        #"{"type": "message", "role": "user", "content": [{"type": "input_text", "text": "fix it"}]}"#
      ),
    ]
    let lines = head + payloads.map { line($0.type, $0.payload) }
    return try #require(TranscriptParser.episodes(.codex, lines).first)
  }

  private func message(_ text: String, phase: String) -> (type: String, payload: String) {
    (
      "response_item",
      #"{"type": "message", "role": "assistant", "phase": "\#(phase)", "content": [{"type": "output_text", "text": "\#(text)"}]}"#
    )
  }

  @Test("Words on the way are no answer, the final ones are")
  func phases() throws {
    #expect(try episode([message("looking", phase: "commentary")]).outcome == nil)
    #expect(
      try episode([message("done", phase: "final_answer")]).outcome
        == .success(verdict: "done", artifacts: []))
  }

  @Test("A forked session brings what is its own, and not again what it was forked from")
  func forked() throws {
    func item(_ role: String, _ text: String, at time: String) -> String {
      #"{"timestamp": "2026-04-05T\#(time)Z", "type": "response_item", "payload": {"type": "message", "#
        + #""role": "\#(role)", "content": [{"type": "input_text", "text": "\#(text)"}]}}"#
    }
    let lines = [
      line("session_meta", #"{"id": "c2", "forked_from_id": "c1", "cwd": "/srv/x"}"#),
      line("session_meta", #"{"id": "c1", "cwd": "/srv/x"}"#),
      // Copied with the times that they had, and with that of the fork.
      item("user", "fix the pump", at: "09:00:00"), item("assistant", "fixed", at: "09:01:00"),
      item("user", "fix the valve", at: "10:00:00.100"),
      item("assistant", "fixed", at: "10:00:00.101"),
      // At once, and answered later.
      item("user", "fix the hose", at: "10:00:00.200"),
      item("assistant", "fixed", at: "10:00:04"),
      item("user", "fix the tap", at: "10:05:00"), item("assistant", "fixed", at: "10:06:00"),
    ]
    let episodes = TranscriptParser.episodes(.codex, lines)
    #expect(episodes.map(\.taskDescription) == ["fix the hose", "fix the tap"])
    #expect(episodes.map(\.id) == ["codex-c2-3", "codex-c2-4"])
    // Without the mark of a fork all of it is the session's own.
    let own = [line("session_meta", #"{"id": "c2", "cwd": "/srv/x"}"#)] + lines.dropFirst(2)
    #expect(try TranscriptParser.episodes(.codex, own).count == 4)
  }

  @Test(
    "A sub-agent's session begins where its file says, and its task is what the other agent wrote")
  func subagent() throws {
    func numbered(_ ordinal: Int, _ seconds: Int, _ payload: String) -> String {
      #"{"timestamp": "2026-07-16T16:22:\#(10 + seconds)Z", "ordinal": \#(ordinal), "#
        + #""type": "response_item", "payload": \#(payload)}"#
    }
    func message(_ role: String, _ text: String) -> String {
      #"{"type": "message", "role": "\#(role)", "content": [{"type": "input_text", "text": "\#(text)"}]}"#
    }
    func told(_ author: String, _ recipient: String, _ text: String) -> String {
      #"{"type": "agent_message", "author": "\#(author)", "recipient": "\#(recipient)", "#
        + #""content": [{"type": "output_text", "text": "\#(text)"}]}"#
    }
    let head =
      #"{"id": "c2", "parent_thread_id": "c1", "subagent_history_start_ordinal": 4, "cwd": "/srv/x", "#
      + #""source": {"subagent": {"thread_spawn": {"agent_path": "/root/child"}}}}"#
    let lines = [
      line("session_meta", head), line("session_meta", #"{"id": "c1", "cwd": "/srv/x"}"#),
      // Copied long after they were written, as a slow disk may.
      numbered(2, 0, message("user", "fix the pump")),
      numbered(3, 9, message("assistant", "fixed")),
      numbered(4, 10, told("/root", "/root/child", "reproduce it")),
      numbered(5, 14, told("/root/child", "/root", "it is reproduced")),
      numbered(6, 15, message("assistant", "done")),
      numbered(7, 16, told("/root", "/root/other", "not for this one")),
      numbered(8, 20, told("/root", "/root/child", "now clean up")),
      numbered(9, 25, message("assistant", "clean")),
    ]
    let episodes = TranscriptParser.episodes(.codex, lines)
    #expect(episodes.map(\.taskDescription) == ["reproduce it", "now clean up"])
    #expect(episodes.allSatisfy { $0.metadata["transcript.parentSession"] == "c1" })
  }

  @Test("A turn that was aborted is told by its reason")
  func aborted() throws {
    func outcome(_ reason: String) throws -> TaskOutcome? {
      try episode([("event_msg", #"{"type": "turn_aborted", "reason": "\#(reason)"}"#)]).outcome
    }
    #expect(try outcome("interrupted")?.summary == "the user interrupted it")
    #expect(try outcome("budget_limited")?.summary.hasSuffix("budget_limited") == true)
  }

  @Test(
    "Results tell of failures in several ways",
    arguments: [
      (#""Exit code: 2\nWall time: 1 seconds\nOutput:\nno""#, true),
      (#""Chunk ID: 1\nWall time: 0.1 seconds\nProcess exited with code 127\nOutput:\n""#, true),
      (#""Chunk ID: 1\nWall time: 0.1 seconds\nProcess exited with code 0\nOutput:\n""#, false),
      (#""{\"output\": \"x\", \"metadata\": {\"exit_code\": 1}}""#, true),
      (#"{"content": "x", "success": false}"#, true), (#""err: closed""#, true),
      (#"[{"type": "input_text", "text": "fine"}]"#, false), (#""exec command rejected""#, true),
      (#""{\"a\": 1}""#, false), ("null", false),
    ])
  func results(output: String, isError: Bool) throws {
    let episode = try episode([
      (
        "response_item",
        #"{"type": "function_call", "name": "exec_command", "arguments": "{\"cmd\": \"ls\"}", "call_id": "a"}"#
      ),
      (
        "response_item",
        #"{"type": "function_call_output", "call_id": "a", "output": \#(output)}"#
      ),
    ])
    #expect(episode.steps.count == 1 && episode.steps[0].action == "ls")
    #expect(episode.steps[0].succeeded == !isError)
    #expect(episode.steps[0].result != nil)
  }
}
