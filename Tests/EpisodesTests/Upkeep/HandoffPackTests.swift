import Episodes
import Testing

@Suite("Hand-off packs")
struct HandoffPackTests {
  private static let time = Timestamp(nanosecondsSince1970: 1_770_000_000_000_000_000)

  private func episode(_ steps: [(tool: String, action: String, result: StepResult?)]) -> Episode {
    Episode(
      id: "e", taskDescription: "Move the invoices", startTime: Self.time,
      steps: steps.enumerated().map { index, step in
        ExecutionStep(
          number: index + 1, timestamp: Self.time, tool: step.tool, action: step.action,
          result: step.result)
      })
  }

  @Test("An episode without steps says to begin")
  func empty() {
    let pack = HandoffPack(of: episode([]))
    #expect(pack.nextSteps == ["Begin: Move the invoices"])
    #expect(pack.stepsDone == [] && pack.whatWorked == [] && pack.whatFailed == [])
  }

  @Test("A failure that was put right later is no failure any more")
  func recovered() {
    let pack = HandoffPack(
      of: episode([
        ("make", "build", .error(message: "no rule")),
        ("edit", "add the rule", .success(output: "")),
        ("make", "build", .success(output: "ok")), ("scp", "copy", .timeout), ("ls", "look", nil),
      ]))
    // What has no result may not have been done.
    #expect(pack.whatFailed == ["scp: copy → timed out", "ls: look → no result"])
    #expect(pack.whatWorked == ["edit: add the rule", "make: build → ok"])
    #expect(
      pack.nextSteps == [
        "Find out whether this was done: ls: look", "Come back to what failed: scp: copy",
      ])
  }

  @Test("Of a thousand steps the latest are named, and how many came before")
  func long() {
    let pack = HandoffPack(
      of: episode((1...1000).map { ("make", "build \($0)", .success(output: "ok")) }))
    for lines in [pack.stepsDone, pack.whatWorked] {
      #expect(lines.count == 50 && lines.first == "… 951 before")
      #expect(lines.last?.contains("make: build 1000") == true)
    }
  }

  @Test("A tool used several times in a row is one place in a sequence")
  func repeated() {
    let pattern = Pattern(
      id: "p", kind: .toolSequence(tools: ["grep", "edit", "test"], averageLatency: 1),
      context: TaskContext(), successRate: 1, occurrenceCount: 3, evidence: ["x"],
      createdAt: Self.time, updatedAt: Self.time)
    let done = StepResult.success(output: "")
    let pack = HandoffPack(
      of: episode([("grep", "a", done), ("edit", "b", done), ("edit", "c", done)]),
      patterns: [pattern])
    #expect(pack.nextSteps == ["Use test, which usually comes next"])
  }

  @Test("At most five next steps, the most pressing first")
  func bounded() {
    var episode = episode([("make", "build", .error(message: "no rule"))])
    episode.outcome = .partialSuccess(
      verdict: "half", completed: ["a"], failed: ["b", "c", "d", "e", "f"])
    let pack = HandoffPack(of: episode)
    #expect(
      pack.nextSteps == [
        "Find out why this failed, and try again: make: build", "Finish: b", "Finish: c",
        "Finish: d", "Finish: e",
      ])
    #expect(pack.whatFailed == ["make: build → no rule", "b", "c", "d", "e", "f"])
    #expect(pack.whatWorked == ["a"])
  }

  @Test("The tool that usually comes next is named, and what a heuristic advises")
  func learned() {
    func pattern(_ tools: [String]) -> Pattern {
      Pattern(
        id: tools.joined(separator: "-"), kind: .toolSequence(tools: tools, averageLatency: 1),
        context: TaskContext(), successRate: 1, occurrenceCount: 3, evidence: ["x"],
        createdAt: Self.time, updatedAt: Self.time)
    }
    let heuristic = Heuristic(
      id: "h", condition: "the disk is full", action: "delete old dumps", confidence: 1,
      evidence: ["x"], createdAt: Self.time, updatedAt: Self.time)
    let pack = HandoffPack(
      of: episode([("ls", "look", .success(output: "")), ("psql", "dump", .success(output: ""))]),
      patterns: [
        pattern(["ls", "psql", "scp"]), pattern(["scp", "ls"]), pattern(["ls", "psql"]),
      ],
      heuristics: [heuristic])
    #expect(
      pack.nextSteps == [
        "Use scp, which usually comes next", "When the disk is full: delete old dumps",
      ])
    #expect(pack.patterns.count == 3 && pack.heuristics == [heuristic])
  }

  @Test("Long texts are cut, facts come from what is known of the episode")
  func facts() throws {
    var episode = episode([("t", String(repeating: "x", count: 5000), .success(output: "y"))])
    episode.salientFeatures = ["the key is kept"]
    episode.metadata = ["b": "2", "a": "1"]
    episode.checkpoints = [
      Checkpoint(
        id: "c", episode: "e", stepNumber: 1, timestamp: Self.time, label: "half", note: "in /srv"),
      Checkpoint(id: "d", episode: "e", stepNumber: 1, timestamp: Self.time, label: "bare"),
    ]
    let pack = HandoffPack(of: episode)
    #expect(pack.salientFacts == ["the key is kept", "half: in /srv", "a = 1", "b = 2"])
    #expect(pack.stepsDone[0].count < 320 && pack.stepsDone[0].hasSuffix("…"))
    #expect(pack.nextSteps == ["Go on from 'half': in /srv"])
  }
}
