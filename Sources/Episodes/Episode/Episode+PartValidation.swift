extension Episode {
  /// The rules of checkpoints: of this episode, each with an id of its own.
  func validateCheckpoints() throws(ValidationError) {
    var ids: Set<String> = []
    for (index, checkpoint) in checkpoints.enumerated() {
      guard checkpoint.episode == id else {
        throw ValidationError(
          field: "checkpoints[\(index)].episode", problem: "is '\(checkpoint.episode)'",
          expected: "the id of its episode, '\(id)', or nothing")
      }
      try Identifier.check(checkpoint.id, field: "checkpoints[\(index)].id")
      guard ids.insert(checkpoint.id).inserted else {
        throw ValidationError(
          field: "checkpoints[\(index)].id", problem: "'\(checkpoint.id)' is there twice",
          expected: "an id of its own")
      }
    }
  }

  /// Numbers are no larger than a latency may be: JSON cannot hold what is not finite, and neither can a column
  /// hold the difference of two that are too large.
  func validateReward() throws(ValidationError) {
    guard let reward else { return }
    for (name, value) in [
      ("total", reward.total), ("base", reward.base), ("efficiency", reward.efficiency),
      ("complexityBonus", reward.complexityBonus),
      ("qualityMultiplier", reward.qualityMultiplier), ("learningBonus", reward.learningBonus),
    ] where !(abs(value) <= RewardScore.valueMax) {
      throw ValidationError(
        field: "reward.\(name)", problem: "is \(value)",
        expected: "a number from -1000000000 to 1000000000")
    }
  }
}

extension JSONValue {
  /// Checks that JSON text can hold the value: finite numbers, bounded depth.
  func validate(
    field: @autoclosure () -> String, depth: Int = 0
  ) throws(ValidationError) {
    guard depth <= EpisodeLimits.parameterDepthMax else {
      throw ValidationError(
        field: field(),
        problem: "is nested more than \(EpisodeLimits.parameterDepthMax) levels deep",
        expected: "a flatter value")
    }
    switch self {
    case .null, .bool, .integer, .string: break
    case .number(let number):
      guard number.isFinite else {
        throw ValidationError(field: field(), problem: "is \(number)", expected: "a finite number")
      }
    case .array(let values):
      for value in values { try value.validate(field: field(), depth: depth + 1) }
    case .object(let values):
      for value in values.values { try value.validate(field: field(), depth: depth + 1) }
    }
  }
}
