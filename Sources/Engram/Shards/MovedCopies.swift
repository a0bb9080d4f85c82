internal import DurableStore
internal import Episodes

// When a copy in the new shard is its original, or the same record later: one that was copied by a move that was cut
// off may have gone on where it is now. What differs otherwise was changed on one side or the other, and would be lost.

extension Episode {
  func holdsAll(of original: Episode) -> Bool {
    guard steps.starts(with: original.steps), checkpoints.starts(with: original.checkpoints)
    else { return false }
    var (copy, original) = (self, original)
    copy.steps = original.steps
    copy.checkpoints = original.checkpoints
    if !original.isFinished {
      copy.endTime = original.endTime
      copy.outcome = original.outcome
      copy.reward = original.reward
      copy.reflection = original.reflection
      copy.salientFeatures = original.salientFeatures
      copy.appliedPatterns = original.appliedPatterns
    }
    // The memory there learns by itself.
    for path in [\Episode.patternIDs, \Episode.heuristicIDs] {
      copy[keyPath: path] = []
      original[keyPath: path] = []
    }
    return copy == original
  }
}

extension Pattern {
  func holdsAll(of original: Pattern) -> Bool {
    let (use, before) = (effectiveness, original.effectiveness)
    guard namespace == original.namespace, kind.name == original.kind.name,
      context.domain == original.context.domain, createdAt == original.createdAt,
      updatedAt >= original.updatedAt, use.timesRetrieved >= before.timesRetrieved,
      use.timesApplied >= before.timesApplied
    else { return false }
    if updatedAt > original.updatedAt { return true }
    return kind == original.kind && context == original.context
      && occurrenceCount >= original.occurrenceCount
      && Set(evidence).isSuperset(of: original.evidence)
  }
}

extension Heuristic {
  func holdsAll(of original: Heuristic) -> Bool {
    guard namespace == original.namespace, createdAt == original.createdAt,
      updatedAt >= original.updatedAt
    else { return false }
    return updatedAt > original.updatedAt
      || condition == original.condition && action == original.action
  }
}

extension RecommendationRecord {
  func holdsAll(of original: RecommendationRecord) -> Bool {
    var copy = self
    // Feedback that it has got since.
    for (place, item) in original.items.enumerated()
    where item.effect == nil && copy.items.indices.contains(place) {
      copy.items[place].effect = nil
      copy.items[place].effectAt = nil
    }
    return copy == original
  }
}
