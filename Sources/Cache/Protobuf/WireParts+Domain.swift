import Episodes

extension WireTaskContext {
  init(_ context: TaskContext) {
    self.init()
    domain = context.domain
    if let value = context.language { language = value }
    if let value = context.framework { framework = value }
    complexity = WireTaskComplexity(context.complexity)
    tags = context.tags.map(\.name)
  }

  func taskContext() throws(WireError) -> TaskContext {
    TaskContext(
      domain: domain, language: hasLanguage ? language : nil,
      framework: hasFramework ? framework : nil, complexity: try complexity.taskComplexity(),
      tags: try TagTable.tags(tags))
  }
}

extension WireRewardScore {
  init(_ score: RewardScore) {
    self.init()
    total = score.total
    base = score.base
    efficiency = score.efficiency
    complexityBonus = score.complexityBonus
    qualityMultiplier = score.qualityMultiplier
    learningBonus = score.learningBonus
  }

  var rewardScore: RewardScore {
    RewardScore(
      total: total, base: base, efficiency: efficiency, complexityBonus: complexityBonus,
      qualityMultiplier: qualityMultiplier, learningBonus: learningBonus)
  }
}

extension WireReflection {
  init(_ reflection: Reflection) {
    self.init()
    successes = reflection.successes
    improvements = reflection.improvements
    insights = reflection.insights
    generatedAt = reflection.generatedAt.nanosecondsSince1970
  }

  var reflection: Reflection {
    Reflection(
      successes: successes, improvements: improvements, insights: insights,
      generatedAt: Timestamp(nanosecondsSince1970: generatedAt))
  }
}

extension WireAppliedPattern {
  init(_ pattern: AppliedPattern) {
    self.init()
    patternID = pattern.patternID
    switch pattern.effect {
    case .helped: effect = .helped
    case .noEffect: effect = .noEffect
    case .hindered: effect = .hindered
    case nil: break
    }
  }

  func appliedPattern() throws(WireError) -> AppliedPattern {
    guard hasEffect else { return AppliedPattern(patternID: patternID) }
    switch effect {
    case .helped: return AppliedPattern(patternID: patternID, effect: .helped)
    case .noEffect: return AppliedPattern(patternID: patternID, effect: .noEffect)
    case .hindered: return AppliedPattern(patternID: patternID, effect: .hindered)
    case .unspecified, .UNRECOGNIZED: throw .field("effect")
    }
  }
}

extension WireCheckpoint {
  init(_ checkpoint: Checkpoint) {
    self.init()
    id = checkpoint.id
    episode = checkpoint.episode
    stepNumber = Int64(checkpoint.stepNumber)
    timestamp = checkpoint.timestamp.nanosecondsSince1970
    label = checkpoint.label
    if let value = checkpoint.note { note = value }
  }

  var checkpoint: Checkpoint {
    Checkpoint(
      id: id, episode: episode, stepNumber: Int(stepNumber),
      timestamp: Timestamp(nanosecondsSince1970: timestamp), label: label,
      note: hasNote ? note : nil)
  }
}
