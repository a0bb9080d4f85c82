public import DurableStore
internal import Embedders
internal import Episodes
internal import Logging
internal import Sync
internal import Synchronization

extension Memory {
  /// Hands over every record as it was at one moment, while writes go on. Imported in this order into
  /// an empty home they make a memory whose export is the same.
  ///
  /// - Parameters:
  ///   - namespace: of this namespace only, and no other rows are read; nil for all.
  ///   - embeddings: whether vectors go with their records; an import makes them anew otherwise.
  ///   - body: called with one record after the other; an error it throws ends the export.
  /// - Throws: what `body` throws; ``EngramError`` with code `storeFailed`.
  public func exportRecords(
    namespace: String? = nil, embeddings: Bool = false,
    _ body: @Sendable (StoredRecord) async throws -> Void
  ) async throws {
    do {
      try await store.export(namespace: namespace, embeddings: embeddings, body)
      for problem in try await store.patternProblems() { logger.warning("\(problem)") }
    } catch let error as DurableStoreError {
      throw EngramError(error)
    } catch let error as StoreAway {
      throw EngramError(error)
    }
  }

  /// Stores records from an export. What is stored already under the same id stays. What was forgotten stays
  /// away, and so do patterns and heuristics that rest on it: they may be in its words.
  ///
  /// Episodes without an embedding of this memory's model are embedded; new ones are stored in one
  /// transaction each time other records come between.
  ///
  /// - Parameter records: a batch; a few hundred are fastest. Relationships come after the episodes
  ///   they lead from and to.
  /// - Parameter readmitting: whether episodes that were forgotten come back.
  /// - Parameter keepingCopies: whether the same content is stored again under another id.
  /// - Returns: what was stored. Relationships of episodes that are not stored, and those that would
  ///   close a cycle, are left out and named.
  /// - Throws: ``EngramError``: `invalidInput`. Records before the one that failed are stored.
  public func importRecords(
    _ records: [StoredRecord], readmitting: Bool = false, keepingCopies: Bool = false
  ) async throws(EngramError) -> RecordImportSummary {
    try checkShard(of: records.lazy.compactMap(\.namespace))
    do {
      let rules = AdmissionRules(readmitting: readmitting, keepingCopies: keepingCopies)
      var summary = try await engramErrors { try await store(records, rules) }
      if summary.addedCount > 0 {
        let episodes: [Episode] = records.compactMap { record in
          switch record {
          case .episode(let episode, _), .learned(let episode, _): episode
          case .pattern, .heuristic, .relationship: nil
          }
        }
        summary.evicted = await syncAfterWrite(added: Self.counts(episodes))
        if summary.patterns > 0 { patternEmbeddings.withLock { $0.changed() } }
        learnSoon()
      }
      return summary
    } catch {
      await syncAfterWrite()
      throw error
    }
  }

  private func store(
    _ records: [StoredRecord], _ rules: AdmissionRules
  ) async throws -> RecordImportSummary {
    var summary = RecordImportSummary()
    var episodes: [NewEpisode] = []
    for record in records {
      switch record {
      case .episode(let episode, let embeddings):
        episodes.append(NewEpisode(episode, embeddings: embeddings))
        continue
      case .learned(let episode, let embeddings):
        episodes.append(NewEpisode(episode, embeddings: embeddings, isLearned: true))
        continue
      case .pattern, .heuristic, .relationship: try await store(&episodes, rules, &summary)
      }
      switch record {
      case .episode, .learned: break
      case .pattern(let pattern, let embeddings):
        guard try await !hasSound(pattern.id) else {
          summary.alreadyStored += 1
          continue
        }
        if try await rests(onForgotten: pattern.evidence, rules) {
          summary.forgottenLearning += 1
          continue
        }
        try await store.put(pattern, embeddings: embeddings)
        summary.patterns += 1
      case .heuristic(let heuristic):
        guard try await store.heuristic(id: heuristic.id) == nil else {
          summary.alreadyStored += 1
          continue
        }
        if try await rests(onForgotten: heuristic.evidence, rules) {
          summary.forgottenLearning += 1
          continue
        }
        try await store.put(heuristic)
        summary.heuristics += 1
      case .relationship(let relationship):
        do {
          try await store.insert(relationship)
          summary.relationships += 1
        } catch DurableStoreError.duplicate {
          summary.alreadyStored += 1
        } catch let error as DurableStoreError {
          switch error {
          case .notFound, .cycle, .invalid:
            summary.problems.append("relationship '\(relationship.id)': \(error)")
          default: throw error
          }
        }
      }
    }
    try await store(&episodes, rules, &summary)
    return summary
  }

  /// Whether what was learned may be in words of a forgotten episode. Which of its episodes said them an export
  /// does not tell.
  private func rests(
    onForgotten evidence: [String], _ rules: AdmissionRules
  ) async throws -> Bool {
    if rules.readmitting || evidence.isEmpty { return false }
    return try await !store.forgottenIDs(among: evidence).isEmpty
  }

  /// Whether a pattern is stored whose row is not damaged: that of an import takes the place of one that is.
  private func hasSound(_ patternID: String) async throws -> Bool {
    do {
      return try await store.pattern(id: patternID) != nil
    } catch DurableStoreError.corrupt {
      return false
    }
  }

  /// The model of this memory; nil where it is missing and not needed, because every episode brings
  /// an embedding.
  private func modelOfImport(_ episodes: [NewEpisode]) throws -> String? {
    do {
      return try currentEmbedder().model
    } catch {
      guard
        episodes.allSatisfy({ episode in
          episode.embeddings.contains { $0.owner.kind == .episode && $0.owner.part == 0 }
        })
      else { throw error }
      return nil
    }
  }

  /// Stores episodes and empties the list.
  private func store(
    _ episodes: inout [NewEpisode], _ rules: AdmissionRules,
    _ summary: inout RecordImportSummary
  ) async throws {
    if episodes.isEmpty { return }
    let model = try modelOfImport(episodes)
    let admissions = try await store.admissions(
      of: episodes.map(\.episode), keepingCopies: rules.keepingCopies)
    let without = episodes.indices.filter { index in
      model != nil
        && (admissions[index] == .new || rules.readmitting && admissions[index] == .forgotten)
        && !episodes[index].embeddings.contains {
          $0.model == model && $0.owner.kind == .episode && $0.owner.part == 0
        }
    }
    if !without.isEmpty {
      let made = try await embeddings(of: without.map { episodes[$0].episode })
      for (index, embeddings) in zip(without, made) {
        episodes[index].embeddings += embeddings
      }
    }
    let outcomes = try await store.insertNew(
      episodes, readmitting: rules.readmitting, keepingCopies: rules.keepingCopies,
      accessedAt: try await accessOfInsert())
    let turns = zip(episodes, outcomes).filter {
      model != nil && $0.episode.sessionID != nil && $1.disposition == .inserted
    }
    await embedFollowersAgain(of: turns.map(\.0.episode.id))
    for (new, outcome) in zip(episodes, outcomes) {
      switch outcome.disposition {
      case .inserted: summary.episodes += 1
      case .refused:
        summary.forgotten += 1
        summary.omittedIDs.append(new.episode.id)
      case .ignored, .replaced:
        summary.alreadyStored += 1
        guard outcome.sameContentID != nil else { continue }
        summary.sameContent += 1
        summary.omittedIDs.append(new.episode.id)
      }
    }
    episodes.removeAll(keepingCapacity: true)
  }
}

extension StoredRecord {
  /// Nil for links, which are where their episodes are.
  fileprivate var namespace: String? {
    switch self {
    case .episode(let episode, _), .learned(let episode, _): episode.namespace
    case .pattern(let pattern, _): pattern.namespace
    case .heuristic(let heuristic): heuristic.namespace
    case .relationship: nil
    }
  }
}

/// What of an import is stored though it is not quite new.
private struct AdmissionRules {
  var readmitting: Bool
  var keepingCopies: Bool
}
