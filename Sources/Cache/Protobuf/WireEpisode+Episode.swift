import Episodes
import SwiftProtobuf

extension WireEpisode {
  /// The message that holds `episode`.
  ///
  /// - Throws: ``WireError/json`` when a step's parameters nest too deep.
  init(_ episode: Episode) throws(WireError) {
    self.init()
    id = episode.id
    namespace = episode.namespace
    if let value = episode.agentID { agentID = value }
    if let value = episode.sessionID { sessionID = value }
    taskType = WireTaskType(episode.taskType)
    taskDescription = episode.taskDescription
    context = WireTaskContext(episode.context)
    startTime = episode.startTime.nanosecondsSince1970
    if let value = episode.endTime { endTime = value.nanosecondsSince1970 }
    var wireSteps: [WireExecutionStep] = []
    wireSteps.reserveCapacity(episode.steps.count)
    for step in episode.steps { wireSteps.append(try WireExecutionStep(step)) }
    steps = wireSteps
    outcome = episode.outcome.map(OneOf_Outcome.init)
    if let value = episode.reward { reward = WireRewardScore(value) }
    if let value = episode.reflection { reflection = WireReflection(value) }
    if let value = episode.salientFeatures { salientFeatures = .with { $0.values = value } }
    patternIds = episode.patternIDs
    heuristicIds = episode.heuristicIDs
    appliedPatterns = episode.appliedPatterns.map(WireAppliedPattern.init)
    tags = episode.tags.map(\.name)
    metadata = episode.metadata
    checkpoints = episode.checkpoints.map(WireCheckpoint.init)
    if let value = episode.location {
      location = .with {
        $0.latitude = value.latitude
        $0.longitude = value.longitude
      }
    }
    if let value = episode.validFrom { validFrom = value.nanosecondsSince1970 }
    if let value = episode.validUntil { validUntil = value.nanosecondsSince1970 }
    if let value = episode.supersededBy { supersededBy = value }
  }

  /// The episode this message holds.
  ///
  /// - Throws: ``WireError`` when a required field is absent or a value is not valid.
  func episode() throws(WireError) -> Episode {
    guard hasContext else { throw .field("context") }
    var domainSteps: [ExecutionStep] = []
    domainSteps.reserveCapacity(steps.count)
    for step in steps { domainSteps.append(try step.step()) }
    var applied: [AppliedPattern] = []
    for pattern in appliedPatterns { applied.append(try pattern.appliedPattern()) }
    return Episode(
      id: id, namespace: namespace,
      agentID: hasAgentID ? agentID : nil,
      sessionID: hasSessionID ? sessionID : nil,
      taskType: try taskType.taskType(), taskDescription: taskDescription,
      context: try context.taskContext(),
      startTime: Timestamp(nanosecondsSince1970: startTime),
      endTime: hasEndTime ? Timestamp(nanosecondsSince1970: endTime) : nil,
      steps: domainSteps, outcome: outcome?.taskOutcome,
      reward: hasReward ? reward.rewardScore : nil,
      reflection: hasReflection ? reflection.reflection : nil,
      salientFeatures: hasSalientFeatures ? salientFeatures.values : nil,
      patternIDs: patternIds, heuristicIDs: heuristicIds, appliedPatterns: applied,
      tags: try TagTable.tags(tags), metadata: metadata,
      checkpoints: checkpoints.map(\.checkpoint),
      location: hasLocation
        ? Location(latitude: location.latitude, longitude: location.longitude) : nil,
      validFrom: hasValidFrom ? Timestamp(nanosecondsSince1970: validFrom) : nil,
      validUntil: hasValidUntil ? Timestamp(nanosecondsSince1970: validUntil) : nil,
      supersededBy: hasSupersededBy ? supersededBy : nil)
  }
}

extension WireEpisode.OneOf_Outcome {
  init(_ outcome: TaskOutcome) {
    switch outcome {
    case .success(let verdict, let artifacts):
      self = .success(
        .with {
          $0.verdict = verdict
          $0.artifacts = artifacts
        })
    case .partialSuccess(let verdict, let completed, let failed):
      self = .partialSuccess(
        .with {
          $0.verdict = verdict
          $0.completed = completed
          $0.failed = failed
        })
    case .failure(let reason, let details):
      self = .failure(
        .with {
          $0.reason = reason
          if let details { $0.details = details }
        })
    case .abstained(let reason, let stoppedAtStep, let signals):
      self = .abstained(
        .with {
          $0.reason = reason
          $0.stoppedAtStep = Int64(stoppedAtStep)
          $0.signals = signals
        })
    }
  }

  var taskOutcome: TaskOutcome {
    switch self {
    case .success(let value): .success(verdict: value.verdict, artifacts: value.artifacts)
    case .partialSuccess(let value):
      .partialSuccess(verdict: value.verdict, completed: value.completed, failed: value.failed)
    case .failure(let value):
      .failure(reason: value.reason, details: value.hasDetails ? value.details : nil)
    case .abstained(let value):
      .abstained(
        reason: value.reason, stoppedAtStep: Int(value.stoppedAtStep), signals: value.signals)
    }
  }
}
