/// What the directory knows of its episodes, a column a field: a filter reads those it asks for, one after the other.
struct DirectoryColumns: Sendable {
  typealias Symbol = SymbolTable.Symbol

  var ids: [String] = []
  var starts: [Int64] = []
  var sequences: [UInt64] = []
  var rewards: [Float?] = []
  var effectivenesses: [Float?] = []
  var namespaces: [Symbol] = []
  var sessions: [Symbol] = []
  var agents: [Symbol] = []
  var domains: [Symbol] = []
  var taskTypes: [Symbol] = []
  var languages: [Symbol] = []
  var frameworks: [Symbol] = []
  var outcomes: [Symbol] = []
  var tags: [[Symbol]] = []
  var areFinished: [Bool] = []
  var areSuperseded: [Bool] = []
  var validFrom: [Int64?] = []
  var validUntil: [Int64?] = []
  var embeddings: [[UInt64]] = []
  /// The episodes before and after in the session, ``none`` at its ends.
  var previous: [UInt32] = []
  var next: [UInt32] = []
  /// False for episodes that were taken out.
  var arePresent: [Bool] = []

  static let none = UInt32.max

  var count: Int { ids.count }

  mutating func append(_ entry: DirectoryEntry) {
    ids.append(entry.id)
    starts.append(entry.start)
    sequences.append(entry.sequence)
    rewards.append(entry.reward)
    effectivenesses.append(entry.effectiveness)
    namespaces.append(entry.namespace)
    sessions.append(entry.session)
    agents.append(entry.agent)
    domains.append(entry.domain)
    taskTypes.append(entry.taskType)
    languages.append(entry.language)
    frameworks.append(entry.framework)
    outcomes.append(entry.outcome)
    tags.append(entry.tags)
    areFinished.append(entry.isFinished)
    areSuperseded.append(entry.isSuperseded)
    validFrom.append(entry.validFrom)
    validUntil.append(entry.validUntil)
    embeddings.append(entry.embeddings)
    previous.append(Self.none)
    next.append(Self.none)
    arePresent.append(true)
  }

  subscript(number: Int) -> DirectoryEntry {
    DirectoryEntry(
      id: ids[number], start: starts[number], sequence: sequences[number],
      reward: rewards[number], effectiveness: effectivenesses[number],
      namespace: namespaces[number], session: sessions[number], agent: agents[number],
      domain: domains[number], taskType: taskTypes[number], language: languages[number],
      framework: frameworks[number], outcome: outcomes[number], tags: tags[number],
      isFinished: areFinished[number], isSuperseded: areSuperseded[number],
      validFrom: validFrom[number], validUntil: validUntil[number],
      embeddings: embeddings[number])
  }
}
