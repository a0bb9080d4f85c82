internal import Episodes

/// What ranking and filters must know of an episode without reading it.
struct DirectoryEntry: Sendable {
  typealias Symbol = SymbolTable.Symbol

  var id: String
  /// Nanoseconds since 1970.
  var start: Int64
  /// The place among episodes of the same start: the order in which they were stored.
  var sequence: UInt64
  /// 0 to 1; nil while it is not known.
  var reward: Float?
  var effectiveness: Float?
  var namespace: Symbol
  var session: Symbol
  var agent: Symbol
  var domain: Symbol
  var taskType: Symbol
  var language: Symbol
  var framework: Symbol
  var outcome: Symbol
  /// Rising.
  var tags: [Symbol]
  var isFinished: Bool
  var isSuperseded: Bool
  /// Nanoseconds since 1970; nil where it is not said.
  var validFrom: Int64?
  var validUntil: Int64?
  /// The numbers of its embeddings, of all parts and models.
  var embeddings: [UInt64]
}

extension DirectoryEntry {
  mutating func changeSymbols(_ change: (inout Symbol) -> Void) {
    change(&namespace)
    change(&session)
    change(&agent)
    change(&domain)
    change(&taskType)
    change(&language)
    change(&framework)
    change(&outcome)
    for index in tags.indices { change(&tags[index]) }
    tags.sort()
  }

  /// - Parameter symbols: gets those of the episode that it lacks.
  init(
    _ episode: Episode, sequence: UInt64, embeddings: [UInt64], symbols: inout SymbolTable
  ) {
    id = episode.id
    start = episode.startTime.nanosecondsSince1970
    self.sequence = sequence
    reward = episode.reward.map { Float(min(1, max(0, $0.total / 2))) }
    let effects = episode.appliedPatterns.compactMap(\.effect)
    effectiveness =
      effects.isEmpty
      ? nil
      : effects.reduce(0) { $0 + ($1 == .helped ? 1 : $1 == .noEffect ? 0.5 : 0) }
        / Float(effects.count)
    namespace = symbols.add(episode.namespace)
    session = symbols.add(episode.sessionID)
    agent = symbols.add(episode.agentID)
    domain = symbols.add(episode.context.domain)
    taskType = symbols.add(episode.taskType.rawValue)
    language = symbols.add(episode.context.language)
    framework = symbols.add(episode.context.framework)
    outcome = symbols.add(episode.outcome?.kind.rawValue)
    tags = Set(episode.tags + episode.context.tags).map { symbols.add($0.name) }.sorted()
    isFinished = episode.isFinished
    isSuperseded = episode.supersededBy != nil
    validFrom = episode.validFrom?.nanosecondsSince1970
    validUntil = episode.validUntil?.nanosecondsSince1970
    self.embeddings = embeddings
  }
}
