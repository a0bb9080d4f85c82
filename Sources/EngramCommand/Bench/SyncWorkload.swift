internal import DurableStore
internal import Episodes

/// Episodes of a steady size with embeddings, the same for the same seed.
struct SyncWorkload: Sendable {
  private let stepCount: Int
  private let dimension: Int
  private var random: RandomStream

  private static let start: Int64 = 1_770_000_000
  private static let model = "benchmark"
  private static let words = [
    "login", "cache", "parser", "refund", "invoice", "deploy", "timeout", "index", "search",
    "memory",
    "thread", "lock", "crash", "report", "upload", "image", "token", "session", "retry", "queue",
  ]
  private static let domains = ["web", "ci", "support", "data"]

  init(stepCount: Int, dimension: Int, seed: UInt64) {
    self.stepCount = stepCount
    self.dimension = dimension
    random = RandomStream(seed: seed)
  }

  mutating func episodes(_ numbers: Range<Int>) -> [NewEpisode] { numbers.map { episode($0) } }

  private mutating func episode(_ number: Int) -> NewEpisode {
    let id = "episode-\(number)"
    let time = Timestamp(nanosecondsSince1970: (Self.start + Int64(number)) * 1_000_000_000)
    let steps = (0..<stepCount).map { step in
      ExecutionStep(
        number: step + 1, timestamp: time, tool: word(), action: text(6),
        parameters: ["path": .string("Sources/\(word())/\(word()).swift")],
        result: .success(output: text(12)), latency: 0.25)
    }
    let episode = Episode(
      id: id, taskType: .debugging, taskDescription: text(10),
      context: TaskContext(
        domain: Self.domains[number % Self.domains.count], language: "swift"),
      startTime: time, endTime: time, steps: steps,
      outcome: .success(verdict: text(8), artifacts: []))
    var vector = (0..<dimension).map { _ in Float.random(in: -1...1, using: &random) }
    let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
    for index in vector.indices { vector[index] /= length }
    return NewEpisode(
      episode,
      embeddings: [
        Embedding(
          owner: EmbeddingOwner(kind: .episode, id: id), model: Self.model, vector: vector,
          contentHash: id)
      ])
  }

  private mutating func word() -> String {
    Self.words[Int.random(in: 0..<Self.words.count, using: &random)]
  }

  private mutating func text(_ count: Int) -> String {
    (0..<count).map { _ in word() }.joined(separator: " ")
  }
}
