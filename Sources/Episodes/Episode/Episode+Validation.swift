extension Episode {
  /// Checks every rule that a stored episode keeps.
  ///
  /// - Throws: ``ValidationError`` naming the first field that breaks a rule.
  /// - Complexity: linear in the size of the texts.
  public func validate() throws(ValidationError) {
    try Identifier.check(id, field: "id")
    try Identifier.check(namespace, field: "namespace")
    if let agentID { try Identifier.check(agentID, field: "agentID") }
    if let sessionID { try Identifier.check(sessionID, field: "sessionID") }
    if let supersededBy { try Identifier.check(supersededBy, field: "supersededBy") }
    try Self.check(text: taskDescription, field: "taskDescription")
    guard taskDescription.contains(where: { !$0.isWhitespace }) else {
      throw ValidationError(
        field: "taskDescription", problem: "is empty", expected: "what the task is, in words")
    }
    guard !context.domain.isEmpty, context.domain.count <= Identifier.charactersMax else {
      throw ValidationError(
        field: "context.domain", problem: "has \(context.domain.count) characters",
        expected: "1 to \(Identifier.charactersMax)")
    }
    if let endTime, endTime < startTime {
      throw ValidationError(
        field: "endTime", problem: "\(endTime) is before startTime \(startTime)",
        expected: "a time not before it")
    }
    if let validFrom, let validUntil, validUntil < validFrom {
      throw ValidationError(
        field: "validUntil", problem: "\(validUntil) is before validFrom \(validFrom)",
        expected: "a time not before it")
    }
    if let location { try Self.check(location: location) }
    try validateSteps()
    try validateOutcome()
    try validateCheckpoints()
    try validateReward()
    guard textByteCount <= EpisodeLimits.episodeBytesMax else {
      throw ValidationError(
        field: "episode", problem: "holds \(textByteCount) bytes of text",
        expected: "at most \(EpisodeLimits.episodeBytesMax)")
    }
  }

  private func validateSteps() throws(ValidationError) {
    guard steps.count <= EpisodeLimits.stepsMax else {
      throw ValidationError(
        field: "steps", problem: "has \(steps.count) steps",
        expected: "at most \(EpisodeLimits.stepsMax)")
    }
    for (index, step) in steps.enumerated() {
      guard step.number == index + 1 else {
        throw ValidationError(
          field: "steps[\(index)].number", problem: "is \(step.number)",
          expected: "\(index + 1): steps are numbered from 1 in order")
      }
      // Bounded, because latencies are added up; what is no number lies in no range.
      guard (0...ExecutionStep.latencyMax).contains(step.latency) else {
        throw ValidationError(
          field: "steps[\(index)].latency", problem: "is \(step.latency)",
          expected: "0 to 1000000000 seconds")
      }
      if let tokens = step.tokensUsed, tokens < 0 {
        throw ValidationError(
          field: "steps[\(index)].tokensUsed", problem: "is \(tokens)", expected: "0 or more")
      }
      try step.parameters.validate(field: "steps[\(index)].parameters")
      try Self.check(text: step.action, field: "steps[\(index)].action")
      switch step.result {
      case .success(let output): try Self.check(text: output, field: "steps[\(index)].result")
      case .error(let message): try Self.check(text: message, field: "steps[\(index)].result")
      case .timeout, nil: break
      }
    }
  }

  private func validateOutcome() throws(ValidationError) {
    switch outcome {
    case .success(_, let artifacts):
      for (index, artifact) in artifacts.enumerated()
      where artifact.utf8.count > EpisodeLimits.artifactBytesMax {
        throw ValidationError(
          field: "outcome.artifacts[\(index)]", problem: "has \(artifact.utf8.count) bytes",
          expected: "at most \(EpisodeLimits.artifactBytesMax)")
      }
    case .abstained(_, let stoppedAtStep, _) where stoppedAtStep < 0:
      throw ValidationError(
        field: "outcome.stoppedAtStep", problem: "is \(stoppedAtStep)", expected: "0 or more")
    default: break
    }
  }

  /// UTF-8 bytes of all the texts.
  public var textByteCount: Int {
    func bytes(_ texts: [String]) -> Int { texts.reduce(0) { $0 + $1.utf8.count } }
    func bytes(_ texts: [String: String]) -> Int {
      texts.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
    }
    var count = bytes([
      id, namespace, agentID ?? "", sessionID ?? "", taskDescription, context.domain,
      context.language ?? "", context.framework ?? "", supersededBy ?? "",
    ])
    for step in steps {
      count += step.tool.utf8.count + step.action.utf8.count + step.parameters.textByteCount
      switch step.result {
      case .success(let text), .error(let text): count += text.utf8.count
      case .timeout, nil: break
      }
      count += bytes(step.metadata)
    }
    count += bytes(salientFeatures ?? []) + bytes(patternIDs) + bytes(heuristicIDs)
    count += bytes(metadata) + bytes((tags + context.tags).map(\.name))
    count += bytes(appliedPatterns.map(\.patternID))
    if let reflection {
      count += bytes(reflection.successes + reflection.improvements + reflection.insights)
    }
    for checkpoint in checkpoints {
      count += bytes([checkpoint.id, checkpoint.episode, checkpoint.label, checkpoint.note ?? ""])
    }
    return count + (outcome?.textByteCount ?? 0)
  }

  private static func check(
    text: String, field: @autoclosure () -> String
  ) throws(ValidationError) {
    // Characters are counted only where bytes do not already settle it: counting is slow.
    guard text.utf8.count > EpisodeLimits.textCharactersMax else { return }
    let count = text.count
    guard count <= EpisodeLimits.textCharactersMax else {
      throw ValidationError(
        field: field(), problem: "has \(count) characters",
        expected: "at most \(EpisodeLimits.textCharactersMax)")
    }
  }

  private static func check(location: Location) throws(ValidationError) {
    guard (-90...90).contains(location.latitude) else {
      throw ValidationError(
        field: "location.lat", problem: "is \(location.latitude)",
        expected: "degrees from -90 to 90")
    }
    guard (-180...180).contains(location.longitude) else {
      throw ValidationError(
        field: "location.lon", problem: "is \(location.longitude)",
        expected: "degrees from -180 to 180")
    }
  }
}

extension TaskOutcome {
  /// UTF-8 bytes of all the texts.
  var textByteCount: Int {
    let lists: [String]
    switch self {
    case .success(_, let artifacts): lists = artifacts
    case .partialSuccess(_, let completed, let failed): lists = completed + failed
    case .failure(_, let details): lists = [details ?? ""]
    case .abstained(_, _, let signals): lists = signals
    }
    return lists.reduce(summary.utf8.count) { $0 + $1.utf8.count }
  }
}

extension JSONValue {
  /// UTF-8 bytes of the strings inside, keys included.
  var textByteCount: Int {
    switch self {
    case .null, .bool, .integer, .number: 8
    case .string(let text): text.utf8.count
    case .array(let values): values.reduce(0) { $0 + $1.textByteCount }
    case .object(let values):
      values.reduce(0) { $0 + $1.key.utf8.count + $1.value.textByteCount }
    }
  }
}
