import Episodes

/// Steps and episodes for the tests of learning.
enum LearningSamples {
  static let start = Timestamp("2026-03-02T09:00:00Z")!
  static let end = Timestamp("2026-03-02T09:01:00Z")!

  static func steps(_ steps: [(tool: String, action: String, result: StepResult?)])
    -> [ExecutionStep]
  {
    steps.enumerated().map { index, step in
      ExecutionStep(
        number: index + 1, timestamp: start, tool: step.tool, action: step.action,
        result: step.result, latency: 1)
    }
  }

  /// One step a tool; a tool with `!` before it failed.
  static func steps(_ tools: String) -> [ExecutionStep] {
    steps(
      tools.split(separator: " ").map { name in
        name.hasPrefix("!")
          ? (String(name.dropFirst()), "run", .error(message: "boom went the thing"))
          : (String(name), "run", .success(output: ""))
      })
  }

  static let success = TaskOutcome.success(verdict: "done", artifacts: [])

  static func episode(
    _ id: String, namespace: String = "default", domain: String = "web",
    language: String? = "swift",
    steps: [ExecutionStep], outcome: TaskOutcome? = success
  ) -> Episode {
    Episode(
      id: id, namespace: namespace, taskDescription: "a task",
      context: TaskContext(domain: domain, language: language), startTime: start, endTime: end,
      steps: steps, outcome: outcome)
  }

  /// Learns from episodes in their order; ids of patterns are p1, p2, …
  static func learn(_ episodes: [Episode]) -> (KnownPatterns, [EpisodeLesson]) {
    var known = KnownPatterns()
    var count = 0
    let lessons = episodes.map { episode in
      PatternLearning.learn(from: episode, known: &known) {
        count += 1
        return "p\(count)"
      }
    }
    return (known, lessons)
  }
}
