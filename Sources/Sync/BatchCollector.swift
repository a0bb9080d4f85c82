internal import Cache
internal import DurableStore
internal import Episodes

/// Gathers what the cache must hold after a run of changes: the records as they are now, or no longer are.
struct BatchCollector {
  let store: DurableStore
  let configuration: SyncConfiguration
  private(set) var batch = CacheBatch()
  /// About how many bytes the batch holds.
  private(set) var byteCount = 0
  private var seen = Set<ChangedRecord>()
  private var lastPositions: [String: Int] = [:]
  private var position = 0

  init(store: DurableStore, configuration: SyncConfiguration) {
    self.store = store
    self.configuration = configuration
  }

  /// Fetches the records of the next changes, each record once: it was read after the whole run of
  /// changes, so a later change of it says nothing new.
  mutating func add(_ changes: ArraySlice<Change>) async throws {
    var changed: [RecordKind: [String]] = [:]
    for change in changes {
      position += 1
      if change.kind == .episode { lastPositions[change.recordID] = position }
      let record = ChangedRecord(kind: change.kind, id: change.recordID)
      if seen.insert(record).inserted { changed[change.kind, default: []].append(change.recordID) }
    }
    let patterns = configuration.includesPatterns ? changed[.pattern] ?? [] : []
    let heuristics = configuration.includesPatterns ? changed[.heuristic] ?? [] : []
    let embeddings = configuration.includesEmbeddings ? changed[.embedding] ?? [] : []
    let episodes = changed[.episode] ?? []
    let found = try await store.records(
      episodes: episodes, patterns: patterns, heuristics: heuristics,
      embeddings: embeddings.compactMap { Int64($0) })
    for episode in found.episodes { byteCount += episode.approximateByteCount }
    batch.episodes += found.episodes
    batch.deletedEpisodeIDs += Self.missing(from: episodes, having: found.episodes.map(\.id))
    byteCount += (found.patterns.count + found.heuristics.count) * 1000
    batch.patterns += found.patterns
    batch.deletedPatternIDs += Self.missing(from: patterns, having: found.patterns.map(\.id))
    batch.heuristics += found.heuristics
    batch.deletedHeuristicIDs += Self.missing(from: heuristics, having: found.heuristics.map(\.id))
    for item in found.embeddings { byteCount += item.embedding.vector.count * 4 + 200 }
    batch.embeddings += found.embeddings.map {
      CachedEmbedding(id: UInt64($0.id), embedding: $0.embedding)
    }
    batch.deletedEmbeddingIDs += Self.missing(
      from: embeddings, having: found.embeddings.map { String($0.id) }
    ).compactMap { UInt64($0) }
  }

  /// The batch. Where an episode was last changed among others decides which count as most recent.
  mutating func finish() -> CacheBatch {
    batch.episodes.sort { lastPositions[$0.id, default: 0] < lastPositions[$1.id, default: 0] }
    batch.embeddings.sort { $0.id < $1.id }
    return batch
  }

  private static func missing(from ids: [String], having present: [String]) -> [String] {
    if ids.count == present.count { return [] }
    let present = Set(present)
    return ids.filter { !present.contains($0) }
  }
}

extension Episode {
  /// About the memory that the texts take; what is short is a lump.
  var approximateByteCount: Int {
    steps.reduce(1000 + taskDescription.utf8.count) { sum, step in
      let result =
        switch step.result {
        case .success(let output): output.utf8.count
        case .error(let message): message.utf8.count
        case .timeout, nil: 0
        }
      return sum + 400 + step.action.utf8.count + result
    }
  }
}
