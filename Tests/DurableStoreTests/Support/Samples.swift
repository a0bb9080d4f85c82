import Episodes

@testable import DurableStore

/// Plain records for tests that are about something else than their fields.
enum Samples {
  static let time = Timestamp("2026-03-02T09:14:05.250Z")!

  static func step(_ number: Int, action: String = "look around") -> ExecutionStep {
    ExecutionStep(
      number: number, timestamp: time, tool: "shell", action: action,
      parameters: ["cmd": "ls"], result: .success(output: "nothing unusual"), latency: 0.5)
  }

  static func episode(_ id: String, steps: Int = 2, text: String = "fix the build") -> Episode {
    Episode(
      id: id, taskDescription: text, startTime: time,
      steps: (0..<steps).map { step($0 + 1) })
  }

  static func embedding(
    _ id: String, kind: EmbeddingOwner.Kind = .episode, part: Int = 0, value: Float = 1,
    model: String = "model"
  ) -> Embedding {
    Embedding(
      owner: EmbeddingOwner(kind: kind, id: id, part: part), model: model,
      vector: [value, 0, -value, 0.1], contentHash: "hash-\(id)-\(kind)-\(part)-\(value)")
  }

  static func pattern(_ id: String, updated: Timestamp = time) -> Pattern {
    Pattern(
      id: id, kind: .toolSequence(tools: ["grep", "edit"], averageLatency: 1.25),
      context: TaskContext(domain: "web-api", language: "swift"), successRate: 0.75,
      occurrenceCount: 4, evidence: ["e1", "e2"], createdAt: time, updatedAt: updated)
  }
}
