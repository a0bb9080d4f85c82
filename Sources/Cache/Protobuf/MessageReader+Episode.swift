import Episodes

extension MessageReader {
  /// The episode that the message holds; its fields are numbered in `engram_cache.proto`.
  ///
  /// - Throws: ``WireError`` when a required field is absent or a value is not valid.
  mutating func episode() throws(WireError) -> Episode {
    var episode = Episode(
      id: "", namespace: "", taskDescription: "", startTime: Timestamp(nanosecondsSince1970: 0))
    var type: TaskType?
    var hasContext = false
    while try next() {
      switch field {
      case 1: episode.id = try text()
      case 2: episode.namespace = try text()
      case 3: episode.agentID = try text()
      case 4: episode.sessionID = try text()
      case 5: type = try taskType()
      case 6: episode.taskDescription = try text()
      case 7:
        var reader = try message()
        episode.context = try reader.context()
        hasContext = true
      case 8: episode.startTime = try time()
      case 9: episode.endTime = try time()
      case 10:
        var reader = try message()
        episode.steps.append(try reader.step())
      case 11...14:
        var reader = try message()
        episode.outcome = try reader.outcome(field)
      case 15:
        var reader = try message()
        episode.reward = try reader.reward()
      case 16:
        var reader = try message()
        episode.reflection = try reader.reflection()
      case 17:
        var reader = try message()
        var features: [String] = []
        while try reader.next() {
          if reader.field == 1 { features.append(try reader.text()) } else { try reader.skip() }
        }
        episode.salientFeatures = features
      case 18: episode.patternIDs.append(try text())
      case 19: episode.heuristicIDs.append(try text())
      case 20:
        var reader = try message()
        episode.appliedPatterns.append(try reader.appliedPattern())
      case 21: episode.tags.append(try TagTable.tag(content()))
      case 22:
        var reader = try message()
        try reader.entry(of: &episode.metadata)
      case 23:
        var reader = try message()
        episode.checkpoints.append(try reader.checkpoint())
      case 24:
        var reader = try message()
        episode.location = try reader.location()
      case 25: episode.validFrom = try time()
      case 26: episode.validUntil = try time()
      case 27: episode.supersededBy = try text()
      default: try skip()
      }
    }
    guard hasContext else { throw .field("context") }
    guard let type else { throw .field("task_type") }
    episode.taskType = type
    return episode
  }

  private mutating func step() throws(WireError) -> ExecutionStep {
    var step = ExecutionStep(
      number: 0, timestamp: Timestamp(nanosecondsSince1970: 0), tool: "", action: "")
    while try next() {
      switch field {
      case 1: step.number = Int(try integer())
      case 2: step.timestamp = try time()
      case 3: step.tool = try text()
      case 4: step.action = try text()
      case 5: step.parameters = try JSONText.value(content())
      case 6: step.result = .success(output: try text())
      case 7: step.result = .error(message: try text())
      case 8:
        _ = try integer()
        step.result = .timeout
      case 9: step.latency = try double()
      case 10: step.tokensUsed = Int(try integer())
      case 11:
        var reader = try message()
        try reader.entry(of: &step.metadata)
      default: try skip()
      }
    }
    return step
  }

  private mutating func context() throws(WireError) -> TaskContext {
    var context = TaskContext(domain: "")
    var complexity: TaskComplexity?
    while try next() {
      switch field {
      case 1: context.domain = try text()
      case 2: context.language = try text()
      case 3: context.framework = try text()
      case 4: complexity = try taskComplexity()
      case 5: context.tags.append(try TagTable.tag(content()))
      default: try skip()
      }
    }
    guard let complexity else { throw .field("complexity") }
    context.complexity = complexity
    return context
  }

  /// - Parameter kind: the number of the field in the episode.
  private mutating func outcome(_ kind: Int) throws(WireError) -> TaskOutcome {
    var summary = ""
    var lists: [[String]] = [[], []]
    var details: String?
    var stoppedAtStep = 0
    while try next() {
      switch (field, kind) {
      case (1, _): summary = try text()
      case (2, 11), (2, 12): lists[0].append(try text())
      case (2, 13): details = try text()
      case (2, 14): stoppedAtStep = Int(try integer())
      case (3, 12), (3, 14): lists[1].append(try text())
      default: try skip()
      }
    }
    return switch kind {
    case 11: .success(verdict: summary, artifacts: lists[0])
    case 12: .partialSuccess(verdict: summary, completed: lists[0], failed: lists[1])
    case 13: .failure(reason: summary, details: details)
    default: .abstained(reason: summary, stoppedAtStep: stoppedAtStep, signals: lists[1])
    }
  }

  private mutating func reward() throws(WireError) -> RewardScore {
    var score = RewardScore(
      total: 0, base: 0, efficiency: 0, complexityBonus: 0, qualityMultiplier: 0, learningBonus: 0)
    while try next() {
      switch field {
      case 1: score.total = try double()
      case 2: score.base = try double()
      case 3: score.efficiency = try double()
      case 4: score.complexityBonus = try double()
      case 5: score.qualityMultiplier = try double()
      case 6: score.learningBonus = try double()
      default: try skip()
      }
    }
    return score
  }

  private mutating func reflection() throws(WireError) -> Reflection {
    var reflection = Reflection(
      successes: [], improvements: [], insights: [],
      generatedAt: Timestamp(nanosecondsSince1970: 0))
    while try next() {
      switch field {
      case 1: reflection.successes.append(try text())
      case 2: reflection.improvements.append(try text())
      case 3: reflection.insights.append(try text())
      case 4: reflection.generatedAt = try time()
      default: try skip()
      }
    }
    return reflection
  }

  private mutating func checkpoint() throws(WireError) -> Checkpoint {
    var checkpoint = Checkpoint(
      id: "", episode: "", stepNumber: 0, timestamp: Timestamp(nanosecondsSince1970: 0), label: "")
    while try next() {
      switch field {
      case 1: checkpoint.id = try text()
      case 2: checkpoint.episode = try text()
      case 3: checkpoint.stepNumber = Int(try integer())
      case 4: checkpoint.timestamp = try time()
      case 5: checkpoint.label = try text()
      case 6: checkpoint.note = try text()
      default: try skip()
      }
    }
    return checkpoint
  }

  private mutating func location() throws(WireError) -> Location {
    var (latitude, longitude) = (0.0, 0.0)
    while try next() {
      switch field {
      case 1: latitude = try double()
      case 2: longitude = try double()
      default: try skip()
      }
    }
    return Location(latitude: latitude, longitude: longitude)
  }

  private mutating func appliedPattern() throws(WireError) -> AppliedPattern {
    var pattern = AppliedPattern(patternID: "")
    while try next() {
      switch field {
      case 1: pattern.patternID = try text()
      case 2:
        switch try integer() {
        case 1: pattern.effect = .helped
        case 2: pattern.effect = .noEffect
        case 3: pattern.effect = .hindered
        default: throw .field("effect")
        }
      default: try skip()
      }
    }
    return pattern
  }

  private mutating func entry(of map: inout [String: String]) throws(WireError) {
    var (key, value) = ("", "")
    while try next() {
      switch field {
      case 1: key = try text()
      case 2: value = try text()
      default: try skip()
      }
    }
    map[key] = value
  }

  private mutating func time() throws(WireError) -> Timestamp {
    Timestamp(nanosecondsSince1970: Int64(bitPattern: try fixed()))
  }

  private mutating func taskType() throws(WireError) -> TaskType {
    guard let type = WireTaskType(rawValue: Int(truncatingIfNeeded: try integer())) else {
      throw .field("task_type")
    }
    return try type.taskType()
  }

  private mutating func taskComplexity() throws(WireError) -> TaskComplexity {
    guard let type = WireTaskComplexity(rawValue: Int(truncatingIfNeeded: try integer())) else {
      throw .field("complexity")
    }
    return try type.taskComplexity()
  }
}
