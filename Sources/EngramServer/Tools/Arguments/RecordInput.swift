internal import Engram
internal import Episodes

/// A whole episode, as an agent tells it afterwards.
struct RecordInput: Decodable {
  var task: TaskArguments
  var outcome: OutcomeArguments
  var steps: [StepArguments]?
  var startTime: Timestamp?
  var endTime: Timestamp?

  private enum CodingKeys: String, CodingKey { case outcome, steps, startTime, endTime }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    task = try TaskArguments(from: decoder)
    outcome = try container.decode(OutcomeArguments.self, forKey: .outcome)
    steps = try container.decodeIfPresent([StepArguments].self, forKey: .steps)
    startTime = try container.decodeIfPresent(Timestamp.self, forKey: .startTime)
    endTime = try container.decodeIfPresent(Timestamp.self, forKey: .endTime)
  }

  /// The episode as if it had been recorded while it was done.
  func episode(now: Timestamp) throws -> Episode {
    let task = task.task
    let end = endTime ?? max(now, startTime ?? now)
    let start = startTime ?? min(now, end)
    var episode = Episode(
      id: task.id ?? Identifier.make(at: now), namespace: task.namespace, agentID: task.agentID,
      sessionID: task.sessionID, taskType: task.type, taskDescription: task.description,
      context: task.context, startTime: start, endTime: end,
      steps: (steps ?? []).enumerated().map { $1.step(number: $0 + 1, at: end) },
      outcome: outcome.outcome(stepCount: steps?.count ?? 0), tags: task.tags,
      metadata: task.metadata, location: task.location, validFrom: task.validFrom,
      validUntil: task.validUntil)
    try episode.validate()
    episode.reward = RewardFormula.reward(for: episode)
    episode.reflection = ReflectionRules.reflection(on: episode, at: end)
    episode.salientFeatures = SalientFeatures.features(of: episode)
    return episode
  }
}
