internal import Episodes

/// Episodes as agents write them, the same for a seed on every machine.
struct StoreWorkload {
  var seed: UInt64
  var stepCount = 5

  static let domainCount = 50
  static let tagCount = 200

  private static let tools = ["grep", "edit", "pytest", "read", "git", "make", "curl", "psql"]
  private static let words = [
    "login", "timeout", "cache", "index", "parser", "retry", "socket", "migration", "render",
    "token", "queue", "schema", "worker", "deploy", "metric", "config", "session", "branch",
    "payment", "invoice", "thread", "memory", "header", "cookie", "cursor", "replica", "shard",
    "budget", "report", "export",
  ]
  private static let languages = ["swift", "python", "go", "rust", "typescript"]
  /// 2026-01-01T00:00:00Z.
  private static let start: Int64 = 1_767_225_600_000_000_000

  /// The episode number `number`; its id is ``id(_:)``.
  func episode(_ number: Int) -> Episode {
    var random = RandomStream(seed: seed, stream: UInt64(number))
    func word() -> String { Self.words[random.nextIndex(below: Self.words.count)] }
    let start = Self.start + Int64(number) * 30_000_000_000
    var episode = Episode(
      id: Self.id(number), agentID: "agent-\(random.nextIndex(below: 8))",
      sessionID: "session-\(number / 20)",
      taskType: TaskType.allCases[random.nextIndex(below: TaskType.allCases.count)],
      taskDescription: "Fix the \(word()) \(word()) of the \(word()) service, ticket \(number)",
      context: TaskContext(
        domain: Self.domain(random.nextIndex(below: Self.domainCount)),
        language: Self.languages[random.nextIndex(below: Self.languages.count)]),
      startTime: Timestamp(nanosecondsSince1970: start),
      endTime: Timestamp(nanosecondsSince1970: start + 600_000_000_000))
    episode.steps = (0..<stepCount).map { index in
      ExecutionStep(
        number: index + 1,
        timestamp: Timestamp(nanosecondsSince1970: start + Int64(index) * 1_000_000_000),
        tool: Self.tools[random.nextIndex(below: Self.tools.count)],
        action: "look at the \(word()) in \(word()).\(word())",
        parameters: ["path": .string("src/\(word()).swift"), "line": .integer(Int64(index))],
        result: .success(output: "\(random.nextIndex(below: 90)) matches of \(word()) \(word())"),
        latency: 0.25, tokensUsed: 120)
    }
    episode.outcome =
      random.nextIndex(below: 4) == 0
      ? .failure(reason: "the \(word()) was down", details: nil)
      : .success(verdict: "the \(word()) works", artifacts: ["\(word()).patch"])
    episode.reward = RewardScore(
      total: random.nextUniform() * 2, base: 1, efficiency: 1, complexityBonus: 1,
      qualityMultiplier: 1, learningBonus: 0)
    episode.tags = [Self.tag(random.nextIndex(below: Self.tagCount))].compactMap { $0 }
    episode.metadata = ["priority": "\(random.nextIndex(below: 5))"]
    episode.location = Location(
      latitude: random.nextUniform() * 120 - 60, longitude: random.nextUniform() * 360 - 180)
    return episode
  }

  static func id(_ number: Int) -> String { "bench-\(number)" }
  static func domain(_ number: Int) -> String { "domain-\(number)" }
  static func tag(_ number: Int) -> Tag? { try? Tag("tag-\(number)") }
}
