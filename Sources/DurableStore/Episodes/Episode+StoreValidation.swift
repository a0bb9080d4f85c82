import Episodes

extension Episode {
  /// Every rule of an episode, and what its columns can hold: finite numbers, parameters of bounded
  /// depth, checkpoints of its own.
  func validateForStore() throws(DurableStoreError) {
    do throws(ValidationError) {
      try validate()
      try reward?.validate()
      for (index, step) in steps.enumerated() {
        try step.parameters.validate(field: "steps[\(index)].parameters")
      }
      try validateCheckpoints()
    } catch {
      throw .invalid(error)
    }
  }

  private func validateCheckpoints() throws(ValidationError) {
    if checkpoints.isEmpty { return }
    var ids: Set<String> = []
    for (index, checkpoint) in checkpoints.enumerated() {
      guard checkpoint.episode == id else {
        throw ValidationError(
          field: "checkpoints[\(index)].episode", problem: "is '\(checkpoint.episode)'",
          expected: "the id of its episode, '\(id)'")
      }
      try StoreRules.check(identifier: checkpoint.id, field: "checkpoints[\(index)].id")
      guard ids.insert(checkpoint.id).inserted else {
        throw ValidationError(
          field: "checkpoints[\(index)].id", problem: "'\(checkpoint.id)' is there twice",
          expected: "an id of its own")
      }
    }
  }
}

extension RewardScore {
  func validate() throws(ValidationError) {
    try StoreRules.check(finite: total, field: "reward.total")
    try StoreRules.check(finite: base, field: "reward.base")
    try StoreRules.check(finite: efficiency, field: "reward.efficiency")
    try StoreRules.check(finite: complexityBonus, field: "reward.complexityBonus")
    try StoreRules.check(finite: qualityMultiplier, field: "reward.qualityMultiplier")
    try StoreRules.check(finite: learningBonus, field: "reward.learningBonus")
  }
}

extension JSONValue {
  func validate(field: String, depth: Int = 0) throws(ValidationError) {
    guard depth <= JSONTextReader.depthMax else {
      throw ValidationError(
        field: field, problem: "is nested more than \(JSONTextReader.depthMax) levels deep",
        expected: "a flatter value")
    }
    switch self {
    case .null, .bool, .integer, .string: break
    case .number(let number): try StoreRules.check(finite: number, field: field)
    case .array(let values):
      for value in values { try value.validate(field: field, depth: depth + 1) }
    case .object(let values):
      for value in values.values { try value.validate(field: field, depth: depth + 1) }
    }
  }
}
