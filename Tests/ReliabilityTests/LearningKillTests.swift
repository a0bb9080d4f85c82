import Foundation
import TestSupport
import Testing

@Suite("Learning that is killed", .serialized)
struct LearningKillTests {
  /// Three experiences over and over, two of which share what comes in the middle.
  private static let tools = [
    ["grep", "edit", "build", "pytest"], ["curl", "edit", "build", "pytest", "push"],
    ["open", "check", "write"],
  ]

  private static func line(_ id: String, _ number: Int, isComplete: Bool) -> String {
    let steps = tools[number % tools.count].map {
      """
      {"tool": "\($0)", "action": "use \($0)", "result": {"kind": "success", "output": ""}}
      """
    }
    let outcome = isComplete ? #", "outcome": {"kind": "success", "verdict": "done"}"# : ""
    return """
      {"id": "\(id)", "taskDescription": "\(Workload.words[number % Workload.words.count])", \
      "context": {"domain": "web"}, "startTime": "2026-03-02T09:14:05Z", \
      "metadata": {"run": "\(id)"}, "steps": [\(steps.joined(separator: ", "))]\(outcome)}

      """
  }

  @Test("However often learning and completing are killed, every episode counts exactly once")
  func kills() async throws {
    let rounds = Workload.isSlow ? 100 : 6
    print("seed \(Workload.seed): ENGRAM_RELIABILITY_SEED repeats the choices, not the timing")
    var random = SeededGenerator(seed: Workload.seed)
    let home = try ReliabilityHome()
    let open = (0..<5 * rounds).map { "open-\($0)" }
    try await home.succeed(
      "import", "jsonl", "-",
      input: open.enumerated().map { Self.line($1, $0, isComplete: false) }.joined())
    var hitCount = 0
    var moments = Killing.Moments(seconds: 1)
    var acknowledged = Set<String>()
    var round = 0
    while Killing.isDue(round: round, of: rounds, hits: hitCount, wanted: rounds / 5) {
      defer { round += 1 }
      let ids = (0..<(Workload.isSlow ? 200 : 60)).map { "r\(round)-\($0)" }
      let began = Date()
      // Two learn at once, while episodes come in and one is completed.
      let importing = try home.start(
        "import", "jsonl", "-", "--batch", "8", "--acknowledge",
        input: ids.enumerated().map { Self.line($1, $0, isComplete: true) }.joined())
      let completing = try home.start("episode", "complete", open[round], "--success", "done")
      let learning = [
        try home.start("pattern", "learn"), try home.start("pattern", "learn"),
      ]
      let all = [importing, completing] + learning
      let wasRunning = await Killing.kill(all, after: moments.next(using: &random))
      if wasRunning { hitCount += 1 }
      for one in all {
        let run = try #require(try await one.wait(secondsMax: 300))
        #expect(run.status == 0 || run.status == 128 + 9, "\(one.arguments): \(run.errors)")
        if one === importing { acknowledged.formUnion(run.lines.filter(Set(ids).contains)) }
        if one === completing, run.status == 0 { acknowledged.insert(open[round]) }
      }
      moments.ended(after: Date().timeIntervalSince(began), wasKilled: wasRunning)
      #expect(try Self.problems(home) == "0|0|0\n", "round \(round)")
    }
    print("\(hitCount) of \(round) kills came while a process was at work")
    #expect(hitCount >= rounds / 5)
    // Each experience once more, for kills that all came early.
    try await home.succeed(
      "import", "jsonl", "-",
      input: (0..<3).map { Self.line("last-\($0)", $0, isComplete: true) }.joined())
    try await home.succeed("pattern", "learn")
    #expect(try Self.problems(home) == "0|0|0\n")
    #expect(try home.sqlite("SELECT count(*) FROM learning_queue") == "0\n")
    let learned = Set(
      try home.sqlite("SELECT id FROM episodes WHERE pattern_ids <> '[]'").split(separator: "\n")
        .map(String.init))
    #expect(acknowledged.subtracting(learned).isEmpty)
    // Three sequences, what two of them share, one decision, and one context.
    #expect(
      try home.sqlite("SELECT kind, count(*) FROM patterns GROUP BY kind ORDER BY kind")
        == "contextPattern|1\ndecisionPoint|1\ntoolSequence|4\n")
    try await home.expectSound()
    #expect(try home.integrity() == "ok\n")
  }

  /// Patterns that count other episodes than name them, patterns whose evidence names an episode twice, and
  /// complete episodes that are neither learned from nor waiting: at no moment is there one.
  private static func problems(_ home: ReliabilityHome) throws -> String {
    try home.sqlite(
      """
      SELECT
        (SELECT count(*) FROM patterns AS p WHERE p.occurrence_count <> (
          SELECT count(*) FROM episodes AS e JOIN json_each(e.pattern_ids) AS j WHERE j.value = p.id
        )),
        (SELECT count(*) FROM patterns AS p WHERE json_array_length(p.evidence) <> (
          SELECT count(DISTINCT value) FROM json_each(p.evidence)
        )),
        (SELECT count(*) FROM episodes WHERE outcome IS NOT NULL AND pattern_ids = '[]'
          AND rowid NOT IN (SELECT episode FROM learning_queue))
      """)
  }
}
