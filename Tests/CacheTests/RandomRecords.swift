import Episodes

/// Records with every field at random: absent, empty, short, long, and with text of all kinds.
struct RandomRecords {
  var generator: SeededGenerator

  init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

  mutating func text() -> String {
    let pieces = [
      "", "a", "retry the upload", "naïve", "nai\u{308}ve", "日本語", "👩‍👩‍👧‍👦", "\u{0}", "line\nbreak",
      "tab\t", "quote\"s", "back\\slash", "\u{1F}", "\u{7F}", "\u{FEFF}", "{\"json\": [1]}", "\r\n",
      "\u{10FFFD}",
    ]
    var text = ""
    for _ in 0..<generator.below(4) { text += pieces[generator.below(pieces.count)] }
    if generator.chance(0.02) { text += String(repeating: "long ", count: 2_000) }
    return text
  }

  mutating func texts() -> [String] {
    var texts: [String] = []
    for _ in 0..<generator.below(4) { texts.append(text()) }
    return texts
  }

  mutating func maybe<Value>(_ make: (inout Self) throws -> Value) rethrows -> Value? {
    generator.chance(0.5) ? try make(&self) : nil
  }

  mutating func integer() -> Int {
    switch generator.below(6) {
    case 0: 0
    case 1: -1
    case 2: .max
    case 3: .min
    default: generator.below(1000)
    }
  }

  mutating func double() -> Double {
    switch generator.below(8) {
    case 0: 0
    case 1: -0.0
    case 2: .greatestFiniteMagnitude
    case 3: .leastNonzeroMagnitude
    case 4: 0.1
    case 5: -.greatestFiniteMagnitude
    default: Double.random(in: -1e9...1e9, using: &generator)
    }
  }

  mutating func time() -> Timestamp {
    Timestamp(
      nanosecondsSince1970: generator.chance(0.1)
        ? (generator.chance(0.5) ? .min : .max) : Int64(bitPattern: generator.next()))
  }

  mutating func tags() throws -> [Tag] {
    var tags: [Tag] = []
    for _ in 0..<generator.below(4) {
      tags.append(try Tag(["auth", "日本", "a-b_c", "x9", "caf\u{E9}"][generator.below(5)]))
    }
    return tags
  }

  mutating func metadata() -> [String: String] {
    var metadata: [String: String] = [:]
    for _ in 0..<generator.below(4) { metadata[text()] = text() }
    return metadata
  }

  mutating func json(depth: Int = 0) -> JSONValue {
    switch generator.below(depth > 4 ? 5 : 7) {
    case 0: return .null
    case 1: return .bool(generator.chance(0.5))
    case 2: return .integer(Int64(integer()))
    case 3: return .number(generator.chance(0.5) ? double() : Double(generator.below(100)))
    case 4: return .string(text())
    case 5:
      var elements: [JSONValue] = []
      for _ in 0..<generator.below(4) { elements.append(json(depth: depth + 1)) }
      return .array(elements)
    default:
      var members: [String: JSONValue] = [:]
      for _ in 0..<generator.below(4) { members[text()] = json(depth: depth + 1) }
      return .object(members)
    }
  }

  mutating func context() throws -> TaskContext {
    TaskContext(
      domain: text(), language: maybe { $0.text() }, framework: maybe { $0.text() },
      complexity: TaskComplexity.allCases[generator.below(3)], tags: try tags())
  }

  mutating func step(number: Int) -> ExecutionStep {
    let results: [StepResult?] = [
      nil, .timeout, .success(output: text()), .success(output: ""), .error(message: text()),
    ]
    return ExecutionStep(
      number: number, timestamp: time(), tool: text(), action: text(), parameters: json(),
      result: results[generator.below(results.count)], latency: double(),
      tokensUsed: maybe { $0.integer() }, metadata: metadata())
  }

  mutating func outcome() -> TaskOutcome? {
    switch generator.below(5) {
    case 0: .success(verdict: text(), artifacts: texts())
    case 1: .partialSuccess(verdict: text(), completed: texts(), failed: texts())
    case 2: .failure(reason: text(), details: maybe { $0.text() })
    case 3: .abstained(reason: text(), stoppedAtStep: integer(), signals: texts())
    default: nil
    }
  }

  mutating func episode(id: String) throws -> Episode {
    var steps: [ExecutionStep] = []
    for number in 0..<generator.below(6) { steps.append(step(number: number + 1)) }
    var applied: [AppliedPattern] = []
    for _ in 0..<generator.below(3) {
      let effect = maybe { AppliedPattern.Effect.allCases[$0.generator.below(3)] }
      applied.append(AppliedPattern(patternID: text(), effect: effect))
    }
    var checkpoints: [Checkpoint] = []
    for _ in 0..<generator.below(3) {
      checkpoints.append(
        Checkpoint(
          id: text(), episode: id, stepNumber: integer(), timestamp: time(), label: text(),
          note: maybe { $0.text() }))
    }
    return Episode(
      id: id, namespace: text(), agentID: maybe { $0.text() }, sessionID: maybe { $0.text() },
      taskType: TaskType.allCases[generator.below(TaskType.allCases.count)],
      taskDescription: text(), context: try context(), startTime: time(),
      endTime: maybe { $0.time() }, steps: steps, outcome: outcome(),
      reward: maybe {
        RewardScore(
          total: $0.double(), base: $0.double(), efficiency: $0.double(),
          complexityBonus: $0.double(), qualityMultiplier: $0.double(),
          learningBonus: $0.double())
      },
      reflection: maybe {
        Reflection(
          successes: $0.texts(), improvements: $0.texts(), insights: $0.texts(),
          generatedAt: $0.time())
      },
      salientFeatures: maybe { $0.texts() }, patternIDs: texts(), heuristicIDs: texts(),
      appliedPatterns: applied, tags: try tags(), metadata: metadata(), checkpoints: checkpoints,
      location: maybe { Location(latitude: $0.double(), longitude: $0.double()) },
      validFrom: maybe { $0.time() }, validUntil: maybe { $0.time() },
      supersededBy: maybe { $0.text() })
  }

  mutating func pattern(id: String) throws -> Pattern {
    let kinds: [PatternKind] = [
      .toolSequence(tools: texts(), averageLatency: double()),
      .decisionPoint(
        condition: text(), action: text(),
        outcomeStatistics: OutcomeStatistics(successCount: integer(), failureCount: integer())),
      .errorRecovery(errorType: text(), recoverySteps: texts()),
      .contextPattern(features: texts(), recommendedApproach: text()),
    ]
    return Pattern(
      id: id, namespace: namespace(), kind: kinds[generator.below(kinds.count)],
      context: try context(),
      successRate: double(), occurrenceCount: integer(),
      effectiveness: PatternEffectiveness(
        timesRetrieved: integer(), timesApplied: integer(), successWhenApplied: integer(),
        failureWhenApplied: integer(), averageRewardDelta: double(), lastUsed: maybe { $0.time() }),
      evidence: texts(), createdAt: time(), updatedAt: time())
  }

  /// Never empty: no record of a store is without a namespace.
  private mutating func namespace() -> String { ["default", "team-a"][generator.below(2)] }

  mutating func heuristic(id: String) -> Heuristic {
    Heuristic(
      id: id, namespace: namespace(), condition: text(), action: text(), confidence: double(),
      evidence: texts(),
      createdAt: time(), updatedAt: time())
  }

  mutating func embedding(owner: EmbeddingOwner, dimension: Int = 8) -> Embedding {
    var vector: [Float] = []
    for _ in 0..<dimension { vector.append(Float.random(in: -1...1, using: &generator)) }
    return Embedding(owner: owner, model: text(), vector: vector, contentHash: text())
  }
}
