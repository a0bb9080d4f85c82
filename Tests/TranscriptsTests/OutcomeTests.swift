import Episodes
import Testing
import Transcripts

@Suite("How requests end")
struct OutcomeTests {
  private func episode(
    _ steps: [String] = [], answer: String? = "done", next: String? = nil
  ) throws -> Episode {
    var lines = [#"{"role": "user", "content": "fix the parser"}"#]
    for (index, output) in steps.enumerated() {
      lines.append(
        #"{"role": "assistant", "tool_calls": [{"id": "c\#(index)", "function": {"name": "run", "arguments": "{\"command\": \"make \#(index)\"}"}}]}"#
      )
      lines.append(#"{"role": "tool", "tool_call_id": "c\#(index)", "content": "\#(output)"}"#)
    }
    if let answer { lines.append(#"{"role": "assistant", "content": "\#(answer)"}"#) }
    if let next { lines.append(#"{"role": "user", "content": "\#(next)"}"#) }
    return try #require(TranscriptParser.episodes(.openAI, lines).first)
  }

  @Test("An answer is a success, and its words are the verdict")
  func success() throws {
    let episode = try episode(["ok"])
    #expect(episode.outcome == .success(verdict: "done", artifacts: []))
    #expect(episode.endTime != nil)
  }

  @Test("A request that waits for its answer is unfinished")
  func unfinished() throws {
    let episode = try episode(["ok"], answer: nil)
    #expect(episode.outcome == nil && episode.endTime == nil && episode.steps.count == 1)
  }

  @Test("One that is followed by another before an answer is neither success nor failure")
  func unknown() throws {
    let outcome = try episode(["ok"], answer: nil, next: "also rename it").outcome
    #expect(outcome?.kind == .partialSuccess)
    #expect(outcome?.summary.hasPrefix("unknown") == true)
  }

  @Test("Failing last steps make a partial success, unless the user says thanks")
  func failing() throws {
    let failed = try episode(["ok", "Error: broken"])
    guard case .partialSuccess(_, let completed, let failing)? = failed.outcome else {
      Issue.record("\(String(describing: failed.outcome))")
      return
    }
    #expect(completed == ["run: make 0"] && failing == ["run: make 1"])
    #expect(try episode(["Error: broken"], next: "thanks!").outcome?.kind == .success)
    #expect(try episode(["Error: broken", "ok"]).outcome?.kind == .success)
  }

  @Test(
    "The user's next words can reject",
    arguments: [
      "no, the other one", "that's wrong", "That’s not what I meant", "It still fails on Linux",
      "this doesn't work", "undo that", "Nope",
    ])
  func rejected(words: String) throws {
    let episode = try episode(["ok"], next: words)
    #expect(episode.outcome?.kind == .failure)
    #expect(episode.outcome?.summary.contains(words) == true)
  }

  @Test(
    "Other words reject nothing",
    arguments: [
      "now add a test", "note that the title is wrong on page two. Fix it too",
      "nobody needs the flag, remove it", "great, next one", "undone work is listed in TODO",
    ])
  func accepted(words: String) throws {
    #expect(try episode(["ok"], next: words).outcome?.kind == .success)
  }

  @Test("Thanks alone are no request of their own")
  func thanks() throws {
    let episodes = TranscriptParser.episodes(
      .openAI,
      [
        #"{"role": "user", "content": "fix it"}"#, #"{"role": "assistant", "content": "done"}"#,
        #"{"role": "user", "content": "thank you!"}"#,
        #"{"role": "assistant", "content": "You are welcome."}"#,
      ])
    #expect(episodes.map(\.taskDescription) == ["fix it"])
    #expect(episodes.first?.metadata["transcript.outcomeBasis"] == "thanked")
  }

  @Test("An error of the model's server is a failure, unless the agent goes on after it")
  func serverError() throws {
    func line(_ type: String, _ message: String, _ more: String = "") -> String {
      #"{"type": "\#(type)", "uuid": "\#(message.count)", "sessionId": "s", "timestamp": "2026-03-02T09:00:00Z"\#(more), "message": {"role": "\#(type)", "content": \#(message)}}"#
    }
    let ask = line("user", #""fix it""#)
    let error = line(
      "assistant", #"[{"type": "text", "text": "API Error: 529"}]"#,
      #", "isApiErrorMessage": true"#)
    let answer = line("assistant", #"[{"type": "text", "text": "done now"}]"#)
    let failed = TranscriptParser.episodes(.claudeCode, [ask, error])
    #expect(failed.first?.outcome?.kind == .failure)
    let mended = TranscriptParser.episodes(.claudeCode, [ask, error, answer])
    #expect(mended.first?.outcome == .success(verdict: "done now", artifacts: []))
  }
}
