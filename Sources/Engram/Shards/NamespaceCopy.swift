internal import DurableStore
internal import Episodes

/// Copies the records of one namespace to another memory, and knows what it has copied.
actor NamespaceCopy {
  static let batchSize = 256

  private let target: Memory
  /// Where the log of changes of the target was when the move began.
  private let targetBegin: Int64
  private var batch: [StoredRecord] = []
  /// What was in the source when it was last copied.
  private(set) var episodeIDs: [String] = []
  private(set) var patternIDs: [String] = []
  private(set) var heuristicIDs: [String] = []
  private(set) var relationshipIDs: [String] = []
  private(set) var recommendationIDs: [String] = []
  /// All that the source has had of each, as it was carried to the target. Of episodes what they said, as short texts.
  private(set) var contents: [String: Set<String>] = [:]
  private(set) var patterns: [String: Set<Pattern>] = [:]
  private(set) var heuristics: [String: Set<Heuristic>] = [:]
  private(set) var relationships: [String: Set<Relationship>] = [:]
  private(set) var alreadyThere = 0

  init(to target: Memory, since targetBegin: Int64) {
    self.target = target
    self.targetBegin = targetBegin
  }

  /// Copies everything of a namespace; again what was written since.
  func copy(_ namespace: String, from source: Memory) async throws {
    episodeIDs = []
    patternIDs = []
    heuristicIDs = []
    relationshipIDs = []
    recommendationIDs = []
    try await source.exportRecords(namespace: namespace, embeddings: true) {
      try await self.take($0)
    }
    try await finish()
    var last = ""
    while true {
      let page = try await source.store.recommendations(
        namespace: namespace, after: last, limit: Self.batchSize)
      try await target.store.add(page)
      recommendationIDs += page.map(\.id)
      guard let end = page.last else { return }
      last = end.id
    }
  }

  // Notes what was carried to the target.

  func note(_ episode: Episode) {
    contents[episode.id, default: []].insert(DurableStore.contentHash(of: episode))
  }

  func note(_ pattern: Pattern) { patterns[pattern.id, default: []].insert(pattern) }

  func note(_ heuristic: Heuristic) { heuristics[heuristic.id, default: []].insert(heuristic) }

  func note(_ relationship: Relationship) {
    relationships[relationship.id, default: []].insert(relationship)
  }

  /// Takes a record of the export, which has relationships after their episodes.
  private func take(_ record: StoredRecord) async throws {
    switch record {
    case .episode(let episode, _), .learned(let episode, _):
      episodeIDs.append(episode.id)
      note(episode)
    case .pattern(let pattern, _):
      patternIDs.append(pattern.id)
      note(pattern)
    case .heuristic(let heuristic):
      heuristicIDs.append(heuristic.id)
      note(heuristic)
    case .relationship(let relationship):
      relationshipIDs.append(relationship.id)
      note(relationship)
    }
    batch.append(record)
    if batch.count >= Self.batchSize { try await finish() }
  }

  /// Stores what has been taken.
  private func finish() async throws {
    var records = batch
    batch = []
    // What was forgotten there since the move began stays away; what was forgotten before is stored here again.
    let kept = try await target.store.forgottenIDs(among: records.compactMap(\.episodeID))
    if !kept.isEmpty {
      let gone = Set(try await target.store.forgottenIDs(since: targetBegin)).intersection(kept)
      records.removeAll { $0.episodeID.map(gone.contains) ?? false }
    }
    if records.isEmpty { return }
    let summary = try await target.importRecords(records, readmitting: true, keepingCopies: true)
    alreadyThere += summary.alreadyStored
  }
}

extension StoredRecord {
  fileprivate var episodeID: String? {
    switch self {
    case .episode(let episode, _), .learned(let episode, _): episode.id
    case .pattern, .heuristic, .relationship: nil
    }
  }
}
