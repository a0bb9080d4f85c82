import Episodes

extension JSONColumns {
  /// What a pattern says, without its kind, which has a column of its own.
  static func definition(_ kind: PatternKind) -> String {
    var writer = JSONWriter(reservingBytes: 256)
    switch kind {
    case .toolSequence(let tools, let averageLatency):
      writer.raw("{\"averageLatencySeconds\":")
      writer.number(averageLatency)
      writer.raw(",\"tools\":")
      writer.strings(tools)
    case .decisionPoint(let condition, let action, let statistics):
      writer.raw("{\"action\":")
      writer.string(action)
      writer.raw(",\"condition\":")
      writer.string(condition)
      writer.raw(",\"failureCount\":")
      writer.integer(statistics.failureCount)
      writer.raw(",\"successCount\":")
      writer.integer(statistics.successCount)
    case .errorRecovery(let errorType, let recoverySteps):
      writer.raw("{\"errorType\":")
      writer.string(errorType)
      writer.raw(",\"recoverySteps\":")
      writer.strings(recoverySteps)
    case .contextPattern(let features, let recommendedApproach):
      writer.raw("{\"features\":")
      writer.strings(features)
      writer.raw(",\"recommendedApproach\":")
      writer.string(recommendedApproach)
    }
    writer.raw("}")
    return writer.text
  }

  static func definition(
    _ text: String, kind: PatternKind.Name
  ) throws(JSONTextError) -> PatternKind {
    let object = try JSONTextReader.parse(text).object()
    switch kind {
    case .toolSequence:
      return .toolSequence(
        tools: try object.value("tools").strings(),
        averageLatency: try object.value("averageLatencySeconds").number())
    case .decisionPoint:
      return .decisionPoint(
        condition: try object.value("condition").string(),
        action: try object.value("action").string(),
        outcomeStatistics: OutcomeStatistics(
          successCount: Int(try object.value("successCount").integer()),
          failureCount: Int(try object.value("failureCount").integer())))
    case .errorRecovery:
      return .errorRecovery(
        errorType: try object.value("errorType").string(),
        recoverySteps: try object.value("recoverySteps").strings())
    case .contextPattern:
      return .contextPattern(
        features: try object.value("features").strings(),
        recommendedApproach: try object.value("recommendedApproach").string())
    }
  }
}
