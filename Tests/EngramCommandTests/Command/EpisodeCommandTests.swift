import Episodes
import Foundation
import Testing

@Suite("Episodes on the command line")
struct EpisodeCommandTests {
  private struct Listing: Decodable {
    var episodes: [Episode]
    var next: String?
  }

  @Test("Started, logged, completed, shown, listed and deleted")
  func roundTrip() throws {
    let home = try CommandHome()
    let made = try home.succeed("init", "--format", "json").object()
    #expect(made["created"] as? Bool == true)
    #expect(made["home"] as? String == home.path)
    #expect(try home.succeed("init", "--format", "json").object()["created"] as? Bool == false)

    let started = try home.succeed(
      "episode", "start", "Fix the flaky login test", "--domain", "web", "--language", "python",
      "--task-type", "debugging", "--complexity", "complex", "--tag", "auth", "--tag", "CI",
      "--metadata", "ticket=SUP=12", "--agent", "ann", "--session", "s1", "--format", "json"
    ).decode(Episode.self)
    #expect(started.taskType == .debugging)
    #expect(started.context.language == "python")
    #expect(started.tags.map(\.name) == ["auth", "ci"])
    #expect(started.metadata == ["ticket": "SUP=12"])
    let id = started.id
    let second = try home.succeed("episode", "start", "Write the report").output
      .trimmingCharacters(in: .newlines)

    let step = try home.succeed(
      "episode", "log", id, "--tool", "pytest", "--action", "run the tests", "--error", "1 failed",
      "--parameters", #"{"file": "login_test.py", "n": [1, 2.5, null]}"#, "--latency", "0.4",
      "--tokens", "12", "--format", "json"
    ).decode(ExecutionStep.self)
    #expect(step.number == 1)
    #expect(step.result == .error(message: "1 failed"))
    #expect(
      step.parameters == ["file": "login_test.py", "n": [.integer(1), .number(2.5), .null]])
    #expect(
      try home.succeed("episode", "log", id, "--tool", "edit", "--action", "raise it", "--timeout")
        .output == "2\n")

    let completed = try home.succeed(
      "episode", "complete", id, "--success", "raised the timeout", "--artifact", "login_test.py",
      "--format", "json"
    ).decode(Episode.self)
    var asked = completed
    asked.reward = nil
    // The context in which it worked is a pattern that nothing showed before.
    #expect(completed.patternIDs.count == 1)
    #expect(completed.reward == RewardFormula.reward(for: asked, newPatternCount: 1))
    #expect(completed.reflection?.successes.first == "done: raised the timeout")
    #expect(completed.steps.count == 2)
    let shown = try home.succeed("episode", "show", id, "--format", "json").decode(Episode.self)
    #expect(shown == completed)
    let text = try home.succeed("episode", "show", id).output
    #expect(text.contains("Fix the flaky login test") && text.contains("raised the timeout"))

    let first = try home.succeed("episode", "list", "--limit", "1", "--format", "json")
      .decode(Listing.self)
    #expect(first.episodes.map(\.id) == [second])
    let rest = try home.succeed(
      "episode", "list", "--after", try #require(first.next), "--format", "json"
    ).decode(Listing.self)
    #expect(rest.episodes == [completed])

    #expect(try home.succeed("episode", "delete", id).output == "deleted \(id)\n")
    expectFailure(try home.run("episode", "show", id), status: 1, naming: id)
    #expect(try home.succeed("episode", "list").output.contains(second))
  }

  @Test("An abstention came at the last step, unless it is said")
  func abstain() throws {
    let home = try CommandHome()
    for id in ["a", "b"] {
      try home.succeed("episode", "start", "Move the invoices", "--id", id)
      for number in 1...4 {
        try home.succeed(
          "episode", "log", id, "--tool", "make", "--action", "step \(number)", "--success", "ok")
      }
    }
    let late = try home.succeed(
      "episode", "complete", "a", "--abstain", "no disk", "--format", "json"
    ).decode(Episode.self)
    #expect(
      late.outcome == .abstained(reason: "no disk", stoppedAtStep: 4, signals: []))
    let refused = try home.run("episode", "complete", "b", "--abstain", "r", "--artifact", "x")
    #expect(refused.status == 64)
    #expect(refused.errors.contains("--artifact belongs to --success"))
    let early = try home.succeed(
      "episode", "complete", "b", "--abstain", "no disk", "--stopped-at", "1", "--format", "json"
    ).decode(Episode.self)
    #expect(early.outcome == .abstained(reason: "no disk", stoppedAtStep: 1, signals: []))
    #expect(try #require(early.reward).base > (try #require(late.reward)).base)
  }

  @Test("What an episode does not allow is refused in one line")
  func refusals() throws {
    let home = try CommandHome()
    try home.succeed("episode", "start", "Fix the build", "--id", "build")
    expectFailure(
      try home.run("episode", "start", "Again", "--id", "build"), status: 1, naming: "build")
    expectFailure(
      try home.run("episode", "start", " "), status: 65, naming: "taskDescription")
    expectFailure(
      try home.run("episode", "start", "x", "--tag", "a b"), status: 65, naming: "tags", "a b")
    for command in ["show", "delete"] {
      expectFailure(try home.run("episode", command, "none"), status: 1, naming: "none")
    }
    try home.succeed("episode", "complete", "build", "--failure", "gave up")
    expectFailure(
      try home.run("episode", "complete", "build", "--success", "done"), status: 1,
      naming: "build", "complete")
    expectFailure(
      try home.run("episode", "log", "build", "--tool", "t", "--action", "a"), status: 1,
      naming: "build", "complete")
    expectFailure(
      try home.run("episode", "list", "--after", "nonsense"), status: 65, naming: "cursor")
  }
}
