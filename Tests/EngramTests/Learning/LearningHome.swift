import Engram
import Episodes

/// Episodes as agents record them, for the tests of learning.
extension Memory {
  /// Records one experience from start to end.
  @discardableResult
  func experience(
    _ task: String = "Fix the flaky login test", namespace: String = Episode.defaultNamespace,
    domain: String = "web", tools: [String] = ["grep", "edit", "pytest"],
    outcome: TaskOutcome = .success(verdict: "done", artifacts: []),
    applied: [AppliedPattern] = []
  ) async throws -> Episode {
    let episode = try await startEpisode(
      NewTask(
        task, context: TaskContext(domain: domain, language: "python"), namespace: namespace))
    for tool in tools {
      try await logStep(
        NewStep(tool: tool, action: "use \(tool)", result: .success(output: "ok")),
        in: episode.id)
    }
    return try await completeEpisode(episode.id, outcome: outcome, appliedPatterns: applied)
  }
}

/// Complete episodes for an import.
enum LearningEpisodes {
  static let start = Timestamp("2026-03-02T09:00:00Z")!

  /// The same work each time, at another minute: the same content twice is stored once.
  static func episode(
    _ id: String, namespace: String = "default", domain: String = "web",
    tools: [String] = ["grep", "edit", "pytest"]
  ) -> Episode {
    let minutes = Int64(id.filter(\.isNumber)) ?? 0
    let start = Timestamp(
      nanosecondsSince1970: start.nanosecondsSince1970 + minutes * 60_000_000_000)
    return Episode(
      id: id, namespace: namespace, taskDescription: "Fix the flaky login test",
      context: TaskContext(domain: domain, language: "python"), startTime: start, endTime: start,
      steps: tools.enumerated().map { index, tool in
        ExecutionStep(
          number: index + 1, timestamp: start, tool: tool, action: "use \(tool)",
          result: .success(output: ""))
      },
      outcome: .success(verdict: "done", artifacts: []),
      // The same experience, and not the same content, which is stored once.
      metadata: ["run": id])
  }
}
