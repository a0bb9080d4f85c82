/// The patterns among which an episode's own are looked for, and what became of them.
public struct KnownPatterns: Sendable {
  public private(set) var patterns: [String: Pattern] = [:]
  /// The ids of patterns that are new or have changed.
  public private(set) var changedIDs: Set<String> = []
  /// The ids of patterns that were not known before.
  public private(set) var newIDs: Set<String> = []
  private var idsByKey: [Key: [String]] = [:]

  private struct Key: Hashable {
    var namespace: String
    var text: String
  }

  public init(_ patterns: some Sequence<Pattern> = []) {
    for pattern in patterns { add(pattern) }
  }

  /// Adds a pattern that is known; one with its id stays as it is.
  public mutating func add(_ pattern: Pattern) {
    guard patterns[pattern.id] == nil else { return }
    patterns[pattern.id] = pattern
    for text in PatternKeys.keys(of: pattern.kind, in: pattern.context) {
      idsByKey[Key(namespace: pattern.namespace, text: text), default: []].append(pattern.id)
    }
  }

  /// Forgets which patterns are new or have changed: they have been stored.
  public mutating func settle() {
    changedIDs = []
    newIDs = []
  }

  /// Adds a pattern that nothing showed before.
  public mutating func insert(_ pattern: Pattern) {
    add(pattern)
    changedIDs.insert(pattern.id)
    newIDs.insert(pattern.id)
  }

  /// Puts a known pattern as it is now in the place of what it was.
  public mutating func update(_ pattern: Pattern) {
    patterns[pattern.id] = pattern
    changedIDs.insert(pattern.id)
  }

  /// The patterns that share a key with an observation, by rising id.
  func candidates(for observation: PatternObservation) -> [Pattern] {
    var ids: Set<String> = []
    for text in PatternKeys.keys(of: observation.kind, in: observation.context) {
      ids.formUnion(idsByKey[Key(namespace: observation.namespace, text: text)] ?? [])
    }
    return ids.sorted().compactMap { patterns[$0] }
  }

  /// The pattern that an observation is an occurrence of: the most similar one of its namespace, of
  /// several the one seen most.
  func match(for observation: PatternObservation, among candidates: [Pattern]) -> Pattern? {
    var best: (pattern: Pattern, similarity: Double)?
    for candidate in candidates {
      let similarity = PatternSimilarity.similarity(
        observation.kind, in: observation.context, candidate.kind, in: candidate.context)
      guard similarity >= PatternSimilarity.mergeMin - 1e-9 else { continue }
      if let best,
        (best.similarity, best.pattern.occurrenceCount)
          >= (similarity, candidate.occurrenceCount)
      {
        continue
      }
      best = (candidate, similarity)
    }
    return best?.pattern
  }
}
