internal import DurableStore
internal import Episodes
internal import Synchronization

/// Compares what was copied with what is in both memories now, and brings the copies up to date that nobody has changed
/// where they are.
struct NamespaceComparison {
  let namespace: String
  let source: Memory
  let target: Memory
  let copy: NamespaceCopy

  /// Episodes that are the same on both sides.
  struct Batch {
    var episodeIDs: [String]
    /// Of the source, before they were read.
    var sequence: Int64
  }

  private(set) var batches: [Batch] = []
  private(set) var patternIDs: [String] = []
  private(set) var heuristicIDs: [String] = []
  private(set) var recommendations: [RecommendationRecord] = []
  private(set) var relationshipIDs: [String] = []
  /// Of the source, before what was learned was read.
  private(set) var learningSequence: Int64 = 0
  private var different: [String] = []

  init(_ namespace: String, from source: Memory, to target: Memory, copy: NamespaceCopy) {
    self.namespace = namespace
    self.source = source
    self.target = target
    self.copy = copy
  }

  /// - Throws: ``EngramError`` with code `conflict` that names what is not the same on both sides.
  mutating func run() async throws {
    learningSequence = try await source.store.lastChangeSequence()
    for ids in await copy.episodeIDs.batches(of: NamespaceCopy.batchSize) {
      try await compareEpisodes(ids)
    }
    try await comparePatterns()
    try await compareHeuristics()
    try await compareRecommendations()
    try await compareRelationships()
    guard different.isEmpty else {
      throw EngramError(
        code: .conflict,
        message:
          "\(different.count) records are not the same in both shards, and stay in both: "
          + different.prefix(5).joined(separator: ", ")
          + ". Make them alike, or delete one of the two")
    }
  }

  private mutating func compareEpisodes(_ ids: [String]) async throws {
    let sequence = try await source.store.lastChangeSequence()
    let targetSequence = try await target.store.lastChangeSequence()
    let originals = try await source.store.episodes(ids: ids)
      .filter { $0.namespace == namespace }
    let copies = Dictionary(
      try await target.store.episodes(ids: ids).map { ($0.id, $0) },
      uniquingKeysWith: { first, _ in first })
    let contents = await copy.contents
    for original in originals {
      guard let copy = copies[original.id] else {
        different.append("episode '\(original.id)'")
        continue
      }
      if copy.holdsAll(of: original) { continue }
      // It was written where it was, and not where it is now.
      guard
        contents[original.id]?.contains(DurableStore.contentHash(of: copy)) == true
          || original.holdsAll(of: copy),
        try await bringUpToDate(copy, to: original, since: targetSequence)
      else {
        different.append("episode '\(original.id)'")
        continue
      }
    }
    // What was deleted where it was meanwhile.
    for id in Set(ids).subtracting(originals.map(\.id)).sorted() {
      guard let copy = copies[id], copy.namespace == namespace,
        contents[id]?.contains(DurableStore.contentHash(of: copy)) == true
      else { continue }
      _ = try await target.store.takeAway(episodes: [id], unchangedSince: targetSequence)
    }
    batches.append(Batch(episodeIDs: originals.map(\.id), sequence: sequence))
  }

  private func bringUpToDate(
    _ copy: Episode, to original: Episode, since sequence: Int64
  ) async throws -> Bool {
    var new = original
    new.patternIDs = copy.patternIDs
    new.heuristicIDs = copy.heuristicIDs
    do {
      let embeddings = try await target.embeddings(of: [new])[0]
      try await target.store.update(new, embeddings: embeddings, unchangedSince: sequence)
      await self.copy.note(new)
      return true
    } catch DurableStoreError.changedMeanwhile {
      return false
    }
  }

  private mutating func comparePatterns() async throws {
    let copied = await copy.patterns
    for ids in await copy.patternIDs.batches(of: NamespaceCopy.batchSize) {
      let originals = Self.byID(try await source.store.patterns(ids: ids))
      let copies = Self.byID(try await target.store.patterns(ids: ids))
      for id in ids {
        guard let original = originals[id] else {
          if let copy = copies[id], copied[id]?.contains(copy) == true {
            _ = try await target.store.deletePatterns(ids: [id])
          }
          continue
        }
        patternIDs.append(id)
        if let copy = copies[id], copy.holdsAll(of: original) { continue }
        guard let found = copies[id], copied[id]?.contains(found) == true,
          try await isDone({
            try await target.store.put(original, expectedUpdate: found.updatedAt)
          })
        else {
          different.append("pattern '\(id)'")
          continue
        }
        await copy.note(original)
        target.patternEmbeddings.withLock { $0.changed() }
      }
    }
  }

  private mutating func compareHeuristics() async throws {
    let copied = await copy.heuristics
    for ids in await copy.heuristicIDs.batches(of: NamespaceCopy.batchSize) {
      let originals = Self.byID(try await source.heuristics(withIDs: ids))
      let copies = Self.byID(try await target.heuristics(withIDs: ids))
      for id in ids {
        guard let original = originals[id] else {
          if let copy = copies[id], copied[id]?.contains(copy) == true {
            try await target.store.deleteHeuristics(ids: [id])
          }
          continue
        }
        heuristicIDs.append(id)
        if let copy = copies[id], copy.holdsAll(of: original) { continue }
        guard let found = copies[id], copied[id]?.contains(found) == true,
          try await isDone({
            try await target.store.put(original, expectedUpdate: found.updatedAt)
          })
        else {
          different.append("heuristic '\(id)'")
          continue
        }
        await copy.note(original)
      }
    }
  }

  private mutating func compareRecommendations() async throws {
    for ids in await copy.recommendationIDs.batches(of: NamespaceCopy.batchSize) {
      let originals = try await source.store.recommendations(ids: ids)
      // Feedback that was given meanwhile.
      try await target.store.add(originals)
      let copies = Self.byID(try await target.store.recommendations(ids: ids))
      for original in originals {
        recommendations.append(original)
        guard copies[original.id]?.holdsAll(of: original) == true else {
          different.append("recommendation '\(original.id)'")
          continue
        }
      }
    }
  }

  private mutating func compareRelationships() async throws {
    let ids = await copy.relationshipIDs
    if ids.isEmpty { return }
    let copied = await copy.relationships
    let originals = Self.byID(try await source.store.relationships(inNamespace: namespace))
    let copies = Self.byID(try await target.store.relationships(inNamespace: namespace))
    for id in ids {
      let isAsCopied = copies[id].map { copied[id]?.contains($0) == true } ?? false
      guard let original = originals[id] else {
        if isAsCopied { try await target.store.deleteRelationships(ids: [id]) }
        continue
      }
      relationshipIDs.append(id)
      if copies[id] == original { continue }
      guard isAsCopied else {
        different.append("relationship '\(id)'")
        continue
      }
      try await target.store.updateRelationship(
        id: id, reason: original.reason, priority: original.priority)
      await copy.note(original)
    }
  }

  /// Whether a record that is replaced was as it was read.
  private func isDone(_ body: () async throws -> Void) async throws -> Bool {
    do {
      try await body()
      return true
    } catch DurableStoreError.changedMeanwhile {
      return false
    }
  }

  private static func byID<Record: Identifiable>(
    _ records: [Record]
  ) -> [Record.ID: Record] {
    Dictionary(records.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
  }
}

extension Memory {
  fileprivate func heuristics(withIDs ids: [String]) async throws -> [Heuristic] {
    try await store.records(episodes: [], patterns: [], heuristics: ids, embeddings: []).heuristics
  }
}
