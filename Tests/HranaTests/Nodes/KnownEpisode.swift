import Episodes

/// What whoever wrote an episode knows of it: what was acknowledged must be there, what was not may be.
struct KnownEpisode {
  enum Fate {
    /// Its start was acknowledged.
    case stored
    /// The answer to its start was lost.
    case unsure
    /// The store was away when it was to be started.
    case refused
    /// Its deletion was acknowledged.
    case gone
    /// The answer to its deletion was lost.
    case perhapsGone
  }

  var id: String
  var text: String
  var namespace: String
  var fate: Fate
  var steps = 0
  /// Steps whose answer was lost.
  var unsureSteps = 0
  var hasEnded = false
  var hasPerhapsEnded = false
  var tags: Set<Tag> = []
  var metadata: [String: String] = [:]

  init(id: String, text: String, namespace: String, fate: Fate) {
    self.id = id
    self.text = text
    self.namespace = namespace
    self.fate = fate
  }

  /// Whether a write of it that fails though nothing is in the way is a fault.
  var isCertain: Bool { fate == .stored && !hasPerhapsEnded }

  /// What is wrong with what is stored.
  func problem(with stored: Episode?) -> String? {
    guard let stored else {
      return fate == .stored ? "\(id) was acknowledged and is not there" : nil
    }
    switch fate {
    case .gone: return "\(id) was deleted and is there"
    case .refused: return "\(id) was refused and is there"
    case .stored, .unsure, .perhapsGone: break
    }
    guard (steps...steps + unsureSteps).contains(stored.steps.count) else {
      return "\(id) has \(stored.steps.count) steps; \(steps) were acknowledged, "
        + "and the answers to \(unsureSteps) lost"
    }
    if hasEnded, stored.outcome == nil { return "\(id) has lost its outcome" }
    if !hasEnded, !hasPerhapsEnded, stored.outcome != nil { return "\(id) has ended by itself" }
    if !tags.isSubset(of: stored.tags) { return "\(id) lacks tags: \(stored.tags), not \(tags)" }
    for (key, value) in metadata where stored.metadata[key] != value {
      return "\(id) lacks metadata '\(key)'"
    }
    return nil
  }
}
