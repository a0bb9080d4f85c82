internal import Engram
internal import Episodes

/// All that is known of an episode, a line for each fact.
struct EpisodeFacts {
  private(set) var lines: [(name: String, value: String)] = []

  init(_ episode: Episode) {
    add("task", episode.taskDescription)
    add("context", Self.context(episode).joined(separator: " · "))
    add("namespace", episode.namespace)
    add("agent", episode.agentID)
    add("session", episode.sessionID)
    add("time", "\(episode.startTime) to \(episode.endTime.map(\.description) ?? "now")")
    addPlaceAndValidity(of: episode)
    for step in episode.steps { add("step \(step.number)", Self.text(of: step)) }
    add("outcome", episode.outcome?.summary)
    if let reward = episode.reward { addReward(reward) }
    if let reflection = episode.reflection {
      for text in reflection.successes { add("went well", text) }
      for text in reflection.improvements { add("to improve", text) }
      for text in reflection.insights { add("insight", text) }
    }
    for feature in episode.salientFeatures ?? [] { add("salient", feature) }
    for id in episode.patternIDs { add("pattern", id) }
    for id in episode.heuristicIDs { add("heuristic", id) }
    for applied in episode.appliedPatterns {
      add("applied", applied.patternID + (applied.effect.map { ": \($0.rawValue)" } ?? ""))
    }
    for checkpoint in episode.checkpoints {
      let note = checkpoint.note.map { " — \($0)" } ?? ""
      add(
        "checkpoint",
        "\(checkpoint.id)  \(checkpoint.label), after step \(checkpoint.stepNumber)\(note)")
    }
    for (key, value) in episode.metadata.sorted(by: { $0.key < $1.key }) {
      add("metadata", "\(key) = \(value)")
    }
  }

  private mutating func add(_ name: String, _ value: String?) {
    guard let value else { return }
    lines.append((name, EpisodeText.line(value)))
  }

  private mutating func addPlaceAndValidity(of episode: Episode) {
    if let place = episode.location { add("place", "\(place.latitude), \(place.longitude)") }
    if episode.validFrom != nil || episode.validUntil != nil {
      let from = episode.validFrom ?? episode.startTime
      add("valid", "\(from) to \(episode.validUntil.map(\.description) ?? "now")")
    }
    if let successor = episode.supersededBy { add("history", "superseded by \(successor)") }
  }

  private mutating func addReward(_ reward: RewardScore) {
    func number(_ value: Double) -> String { Units.fixed(value, digits: 3) }
    add(
      "reward",
      "\(number(reward.total)) = base \(number(reward.base)) · efficiency "
        + "\(number(reward.efficiency)) · complexity \(number(reward.complexityBonus)) · quality "
        + "\(number(reward.qualityMultiplier)) + learning \(number(reward.learningBonus))")
  }

  private static func text(of step: ExecutionStep) -> String {
    let result =
      switch step.result {
      case .success(let output): "ok: \(output)"
      case .error(let message): "error: \(message)"
      case .timeout: "timed out"
      case nil: "no result"
      }
    let latency = step.latency > 0 ? " (\(Units.duration(seconds: step.latency)))" : ""
    return "\(step.tool): \(step.action) — \(result)\(latency)"
  }

  /// Where it took place, and its tags.
  static func context(_ episode: Episode) -> [String] {
    var facts = [episode.context.domain, episode.taskType.rawValue]
    facts += [episode.context.language, episode.context.framework].compactMap(\.self)
    var seen = Set<Tag>()
    return facts
      + (episode.tags + episode.context.tags).filter { seen.insert($0).inserted }
      .map { "#\($0.name)" }
  }
}
