import Engram
import Episodes
import Foundation
import Testing

@Suite("Patterns on the command line")
struct PatternCommandTests {
  /// The same experience three times, and one of another namespace.
  private static let lines = (0..<4).map { number in
    """
    {"id": "e\(number)", "taskDescription": "Fix the flaky login test", \
    "namespace": "\(number == 3 ? "team-a" : "default")", \
    "context": {"domain": "web", "language": "python"}, "startTime": "2026-03-02T09:14:05Z", \
    "endTime": "2026-03-02T09:31:40Z", "metadata": {"run": "\(number)"}, "steps": [\
    {"tool": "pytest", "action": "run", "result": {"kind": "error", "message": "AssertionError: 1"}}, \
    {"tool": "edit", "action": "raise the timeout", "result": {"kind": "success", "output": "ok"}}, \
    {"tool": "pytest", "action": "check whether it passes", \
    "result": {"kind": "success", "output": "12 passed"}}, \
    {"tool": "git", "action": "push", "result": {"kind": "success", "output": ""}}], \
    "outcome": {"kind": "success", "verdict": "raised the timeout"}}

    """
  }.joined()

  private func filled() throws -> CommandHome {
    let home = try CommandHome()
    try home.succeed("import", "jsonl", "-", input: Self.lines)
    return home
  }

  @Test(
    "An export says of what was learned that names no pattern, and its import learns nothing of it")
  func exported() throws {
    let home = try filled()
    let abstained =
      """
      {"id": "none", "taskDescription": "Look around", "startTime": "2026-03-02T09:14:05Z", \
      "endTime": "2026-03-02T09:14:06Z", "outcome": {"kind": "abstained", "reason": "no"}}

      """
    try home.succeed("import", "jsonl", "-", input: abstained)
    try home.succeed("pattern", "learn")
    let export = try home.succeed("export").output
    #expect(export.contains(#"{"learned":{"episode":"none"}}"#))
    let other = try CommandHome()
    try other.succeed("import", "jsonl", "-", input: export)
    let report = try other.succeed("pattern", "learn", "--format", "json")
      .decode(LearningReport.self)
    #expect(report.episodes == 0)
    #expect(try other.succeed("export").output == export)
  }

  @Test("Learned, listed by kind and namespace, shown and explained")
  func reading() throws {
    let home = try filled()
    let report = try home.succeed("pattern", "learn", "--format", "json")
      .decode(LearningReport.self)
    #expect(report.episodes == 4 && report.newPatterns == 8 && report.mergedOccurrences == 8)
    #expect(
      try home.succeed("pattern", "learn", "--format", "json").decode(LearningReport.self)
        .episodes == 0)
    let patterns = try home.succeed("pattern", "list", "--format", "json").decode([Pattern].self)
    #expect(patterns.count == 4 && patterns.allSatisfy { $0.occurrenceCount == 3 })
    let other = try home.succeed(
      "pattern", "list", "--namespace", "team-a", "--kind", "errorRecovery", "--format", "json"
    ).decode([Pattern].self)
    #expect(other.map(\.evidence) == [["e3"]])

    let id = try #require(patterns.first { $0.kind.name == .toolSequence }?.id)
    #expect(
      try home.succeed("pattern", "show", id, "--format", "json").decode(Pattern.self)
        == patterns.first { $0.id == id })
    #expect(try home.succeed("pattern", "show", id).output.contains("edit → pytest → git"))
    let list = try home.succeed("pattern", "list").output
    #expect(list.contains(id) && list.contains("edit → pytest → git"))
    let explanation = try home.succeed("pattern", "explain", id, "--question", "flaky test").output
    #expect(explanation.contains("seen in 3 episodes") && explanation.contains("e2"))
    let heuristics = try home.succeed("heuristic", "list", "--format", "json")
      .decode([Heuristic].self)
    #expect(heuristics.map(\.condition) == ["check whether it passes"])
    #expect(try home.succeed("heuristic", "list").output.contains("1.73"))
  }

  @Test("Searched, recommended, and judged by feedback")
  func recommending() throws {
    let home = try filled()
    let found = try home.succeed(
      "pattern", "search", "push with git", "--limit", "2", "--format", "json"
    ).decode([RankedPattern].self)
    #expect(found.count == 2)
    let recommendation = try home.succeed(
      "pattern", "recommend", "fix a flaky test", "--domain", "web", "--format", "json"
    ).decode(Recommendation.self)
    #expect(recommendation.patterns.count == 4)
    let id = recommendation.patterns[0].pattern.id
    #expect(
      try home.succeed("pattern", "feedback", recommendation.id, id, "--helped").output
        == "recorded\n")
    let use = try home.succeed("pattern", "show", id, "--format", "json").decode(Pattern.self)
      .effectiveness
    #expect(use.timesRetrieved == 1 && use.successWhenApplied == 1)
    #expect(
      try home.succeed("pattern", "recommend", "fix the login test").output
        .hasPrefix("recommendation "))
    let far = try home.succeed("pattern", "recommend", "bake bread with sourdough").output
    #expect(far.hasPrefix("nothing known fits this task well"), "\(far)")
    #expect(
      try home.succeed("pattern", "recommend", "bake bread with sourdough", "--any").output
        .hasPrefix("recommendation "))
    let nothing = try home.succeed(
      "pattern", "recommend", "bake bread with sourdough", "--format", "json"
    ).decode(Recommendation.self)
    #expect(nothing.patterns.isEmpty)
    #expect(nothing.nearest?.score.semantic ?? 1 < PatternLikeness.leastRecommended)
    expectFailure(
      try home.run("pattern", "recommend", "fix it", "--episode", "nosuch"), status: 1,
      naming: "nosuch")
    let analogous = try home.succeed(
      "pattern", "analogous", "fix a flaky test", "--domain", "ci", "--format", "json"
    ).decode([RankedPattern].self)
    #expect(analogous.count == 4)
  }

  @Test("A pattern that an episode applied counts with its outcome")
  func applied() throws {
    let home = try filled()
    let id = try #require(
      try home.succeed("pattern", "list", "--format", "json").decode([Pattern].self).first?.id)
    let episode = try home.succeed("episode", "start", "Fix it", "--domain", "web").output
      .trimmingCharacters(in: .newlines)
    try home.succeed(
      "episode", "complete", episode, "--success", "done", "--applied", "\(id)=hindered")
    let use = try home.succeed("pattern", "show", id, "--format", "json").decode(Pattern.self)
      .effectiveness
    #expect(use.timesApplied == 1 && use.failureWhenApplied == 1)
    let second = try home.succeed("episode", "start", "Fix it").output
      .trimmingCharacters(in: .newlines)
    expectFailure(
      try home.run("episode", "complete", second, "--success", "done", "--applied", "nothing"),
      status: 65, naming: "appliedPatterns", "nothing")
  }

  @Test("A playbook has the steps that worked and what to look out for")
  func playbook() throws {
    let home = try filled()
    let playbook = try home.succeed(
      "playbook", "Fix the flaky login test", "--domain", "web", "--format", "json"
    ).decode(Playbook.self)
    #expect(playbook.steps.map(\.toolHint) == ["edit", "pytest", "git"])
    #expect(
      playbook.pitfalls.first?.hasPrefix("if “AssertionError: 1” happens: do edit") == true)
    let text = try home.succeed("playbook", "Fix the flaky login test").output
    #expect(text.contains("step 1      raise the timeout [edit] — ok"))
  }

  @Test("What cannot be is refused")
  func failures() throws {
    let home = try filled()
    expectFailure(try home.run("pattern", "show", "none"), status: 1, naming: "none")
    expectFailure(try home.run("pattern", "explain", "none"), status: 1, naming: "none")
    expectFailure(
      try home.run("pattern", "feedback", "none", "p", "--helped"), status: 1, naming: "none")
    #expect(try home.run("pattern", "feedback", "none", "p").status == 64)
    #expect(try home.run("pattern", "analogous", "x").status == 64)
    #expect(try home.run("pattern", "search", "x", "--limit", "0").status == 64)
    expectFailure(
      try home.run("playbook", "x", "--namespace", "empty"), status: 1, naming: "nothing known fits"
    )
  }
}
