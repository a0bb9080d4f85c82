import DurableStore
import Episodes

/// Plain records; what varies is their id.
enum Samples {
  static let time = Timestamp("2026-03-02T09:14:05.250Z")!

  static func episode(_ id: String, text: String = "fix the build", second: Int = 0) -> Episode {
    Episode(
      id: id, taskDescription: text,
      startTime: Timestamp(
        nanosecondsSince1970: time.nanosecondsSince1970 + Int64(second) * 1_000_000_000),
      steps: [
        ExecutionStep(
          number: 1, timestamp: time, tool: "shell", action: "look around",
          parameters: ["cmd": "ls"], result: .success(output: "nothing unusual"), latency: 0.5)
      ])
  }

  static func embedding(_ id: String, kind: EmbeddingOwner.Kind = .episode, value: Float = 1)
    -> Embedding
  {
    Embedding(
      owner: EmbeddingOwner(kind: kind, id: id, part: 0), model: "model",
      vector: [value, 0, -value, 0.1], contentHash: "hash-\(id)-\(kind)-\(value)")
  }

  static func new(_ id: String, text: String = "fix the build", second: Int = 0) -> NewEpisode {
    NewEpisode(episode(id, text: text, second: second), embeddings: [embedding(id)])
  }

  /// Episodes `e0`, `e1` and so on, each started a second after the one before.
  static func new(_ numbers: Range<Int>) -> [NewEpisode] {
    numbers.map { new("e\($0)", second: $0) }
  }

  static func pattern(_ id: String, rate: Double = 0.75) -> Pattern {
    Pattern(
      id: id, namespace: "team",
      kind: .toolSequence(tools: ["grep", "edit"], averageLatency: 1.25),
      context: TaskContext(domain: "web-api", language: "swift"), successRate: rate,
      occurrenceCount: 4, evidence: ["e1", "e2"], createdAt: time, updatedAt: time)
  }

  static func heuristic(_ id: String) -> Heuristic {
    Heuristic(
      id: id, namespace: "team", condition: "the test fails now and then",
      action: "raise the time-out",
      confidence: 0.8, evidence: ["e1", "e2"], createdAt: time, updatedAt: time)
  }

  static let segmentContents = SegmentContents(
    model: "model", metric: "cosine", dimension: 4, vectorCount: 10, embeddingIDs: 1...10)

  /// Publishes `byteCount` bytes that follow from `seed`.
  static func publish(
    to store: DurableStore, byteCount: Int = 1_500_000, seed: Int, replaces: [Int64] = []
  ) async throws -> IndexSegment {
    try await store.publishSegment(
      segmentContents, byteCount: byteCount, replaces: replaces
    ) { $0.map { UInt8(truncatingIfNeeded: $0 &* 31 &+ seed) } }
  }
}
