import Episodes

/// Makes episodes whose fields hold whatever the types allow.
struct RandomEpisodes {
  var generator: SeededGenerator
  private var count = 0

  init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

  private static let awkwardTexts = [
    "", " ", "a", "plain words", "naïve café", "日本語のテキスト", "👩‍👩‍👧‍👦🏳️‍🌈", "e\u{301} is not é",
    "line\nbreak\r\n\ttab", "nul\0inside", "\u{1}\u{1f}\u{7f}", "quote \" back\\slash / it's",
    "'; DROP TABLE episodes; --", "%s %n {}", "\u{202e}right to left", "\u{feff}bom",
    "{\"not\": [\"parsed\"]}", "NULL", "0", "\u{10ffff}", "a\u{300}\u{301}\u{302}",
  ]

  mutating func text() -> String {
    generator.chance(0.2)
      ? generator.list(upTo: 40) { String(Unicode.Scalar(UInt8.random(in: 0...255, using: &$0))) }
        .joined()
      : generator.pick(Self.awkwardTexts)
  }

  mutating func time() -> Timestamp {
    Timestamp(
      nanosecondsSince1970: generator.pick([
        Int64.min, -1, 0, 1, 999_999_999, 1_767_225_600_123_456_789, Int64.max,
        Int64.random(in: Int64.min...Int64.max, using: &generator),
      ]))
  }

  mutating func number() -> Double {
    generator.pick([
      0, -0.0, 1, -1, 0.1, 1.0 / 3, 1e16, 1e17, 123_456_789_012_345_680, .greatestFiniteMagnitude,
      -.greatestFiniteMagnitude, .leastNonzeroMagnitude, .leastNormalMagnitude, .pi,
      Double(bitPattern: generator.next() & ~(1 << 62)),
    ])
  }

  mutating func integer() -> Int64 {
    generator.pick([Int64.min, -1, 0, 1, 1 << 53, (1 << 53) + 1, Int64.max])
  }

  mutating func json(depth: Int = 0) -> JSONValue {
    switch Int.random(in: 0..<(depth > 4 ? 5 : 7), using: &generator) {
    case 0: return .null
    case 1: return .bool(generator.chance(0.5))
    case 2: return .integer(integer())
    case 3: return .number(number())
    case 4: return .string(text())
    case 5:
      return .array(
        (0..<Int.random(in: 0...4, using: &generator)).map { _ in json(depth: depth + 1) })
    default:
      var members: [String: JSONValue] = [:]
      for _ in 0..<Int.random(in: 0...4, using: &generator) {
        members[text()] = json(depth: depth + 1)
      }
      return .object(members)
    }
  }

  mutating func texts() -> [String] {
    (0..<Int.random(in: 0...4, using: &generator)).map { _ in text() }
  }

  mutating func dictionary() -> [String: String] {
    Dictionary(texts().map { ($0, text()) }, uniquingKeysWith: { first, _ in first })
  }

  mutating func tags() -> [Tag] {
    let names = ["auth", "jwt", "clock-drift", "über_tag", "日本語", "x1", "42"]
    return (0..<Int.random(in: 0...4, using: &generator)).compactMap { _ in
      try? Tag(generator.pick(names))
    }
  }

  mutating func identifier() -> String {
    count += 1
    return generator.pick(["ep-", "é", "日本-", "a/b:c'\"", "%_", "👩‍👩‍👧‍👦"]) + String(count)
  }

  mutating func step(number: Int) -> ExecutionStep {
    let results: [StepResult?] = [
      nil, .timeout, .success(output: text()), .error(message: text()),
    ]
    return ExecutionStep(
      number: number, timestamp: time(), tool: text(), action: text(), parameters: json(),
      result: generator.pick(results), latency: min(1e9, abs(self.number())),
      tokensUsed: generator.optional { $0.pick([0, 1, Int.max]) }, metadata: dictionary())
  }

  mutating func outcome() -> TaskOutcome {
    switch Int.random(in: 0..<4, using: &generator) {
    case 0: return .success(verdict: text(), artifacts: texts())
    case 1: return .partialSuccess(verdict: text(), completed: texts(), failed: texts())
    case 2: return .failure(reason: text(), details: generator.chance(0.5) ? text() : nil)
    default:
      return .abstained(
        reason: text(), stoppedAtStep: generator.pick([0, 3, Int.max]), signals: texts())
    }
  }

  mutating func reward() -> RewardScore {
    RewardScore(
      total: share(), base: share(), efficiency: share(), complexityBonus: share(),
      qualityMultiplier: share(), learningBonus: share())
  }

  /// What a reward may hold.
  private mutating func share() -> Double { max(-1e9, min(1e9, number())) }

  mutating func episode() -> Episode {
    let id = identifier()
    let times = [time(), time()].sorted()
    var episode = Episode(
      id: id, taskDescription: "task " + text(), startTime: times[0],
      endTime: generator.chance(0.5) ? times[1] : nil)
    if generator.chance(0.5) { episode.namespace = identifier() }
    if generator.chance(0.5) { episode.agentID = identifier() }
    if generator.chance(0.5) { episode.sessionID = identifier() }
    episode.taskType = generator.pick(TaskType.allCases)
    episode.context = TaskContext(
      domain: "d" + text(), language: generator.chance(0.5) ? text() : nil,
      framework: generator.chance(0.5) ? text() : nil,
      complexity: generator.pick(TaskComplexity.allCases), tags: tags())
    let stepCount = Int.random(in: 0...6, using: &generator)
    episode.steps = (0..<stepCount).map { step(number: $0 + 1) }
    if generator.chance(0.5) { episode.outcome = outcome() }
    if generator.chance(0.5) { episode.reward = reward() }
    if generator.chance(0.5) {
      episode.reflection = Reflection(
        successes: texts(), improvements: texts(), insights: texts(), generatedAt: time())
    }
    if generator.chance(0.5) { episode.salientFeatures = texts() }
    episode.patternIDs = texts()
    episode.heuristicIDs = texts()
    episode.appliedPatterns = texts().map {
      AppliedPattern(
        patternID: $0,
        effect: generator.optional { $0.pick(AppliedPattern.Effect.allCases) })
    }
    episode.tags = tags()
    episode.metadata = dictionary()
    episode.checkpoints = (0..<Int.random(in: 0...2, using: &generator)).map { _ in
      Checkpoint(
        id: identifier(), episode: id, stepNumber: generator.pick([Int.min, 0, Int.max]),
        timestamp: time(), label: text(), note: generator.chance(0.5) ? text() : nil)
    }
    if generator.chance(0.3) {
      episode.location = Location(
        latitude: Double.random(in: -90...90, using: &generator),
        longitude: Double.random(in: -180...180, using: &generator))
    }
    let validity = [time(), time()].sorted()
    if generator.chance(0.5) { episode.validFrom = validity[0] }
    if generator.chance(0.5) { episode.validUntil = validity[1] }
    if generator.chance(0.2) { episode.supersededBy = identifier() }
    return episode
  }
}
