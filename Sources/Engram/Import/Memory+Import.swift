internal import DurableStore
public import Episodes

extension Memory {
  /// Stores complete episodes from elsewhere with their embeddings: the new ones in one transaction,
  /// and before them, each in one of its own, those that replace what is stored.
  ///
  /// - Parameters:
  ///   - episodes: a batch; a few hundred are fastest.
  ///   - policy: what happens to ids that are stored already. Importing the same twice changes
  ///     nothing, and the same content under another id neither.
  ///   - readmitting: whether episodes that were forgotten come back.
  ///   - keepingCopies: whether the same content is stored again under another id.
  /// - Throws: ``EngramError``; no new episode of the batch is stored then.
  public func importEpisodes(
    _ episodes: [Episode], policy: ImportPolicy = .keepStored, readmitting: Bool = false,
    keepingCopies: Bool = false
  ) async throws(EngramError) -> ImportSummary {
    try await importing(
      episodes, policy: policy, readmitting: readmitting, keepingCopies: keepingCopies
    ).summary
  }

  /// As ``importEpisodes(_:policy:readmitting:keepingCopies:)``.
  ///
  /// - Returns: also the episodes whose ids were stored already, and that were left as they were.
  func importing(
    _ episodes: [Episode], policy: ImportPolicy = .keepStored, readmitting: Bool = false,
    keepingCopies: Bool = false
  ) async throws(EngramError) -> (summary: ImportSummary, known: [Episode]) {
    try checkShard(of: episodes.lazy.map(\.namespace))
    do {
      var (summary, known) = try await store(
        episodes, policy: policy, readmitting: readmitting, keepingCopies: keepingCopies)
      if summary.added + summary.replaced > 0 {
        summary.evicted = await syncAfterWrite(added: Self.counts(episodes))
        learnSoon()
      }
      return (summary, known)
    } catch {
      // Replacements before the failure are stored.
      await syncAfterWrite()
      throw error
    }
  }

  /// How many episodes there are of each namespace.
  static func counts(_ episodes: [Episode]) -> [String: Int] {
    episodes.reduce(into: [:]) { $0[$1.namespace, default: 0] += 1 }
  }

  private func store(
    _ episodes: [Episode], policy: ImportPolicy, readmitting: Bool, keepingCopies: Bool
  ) async throws(EngramError) -> (summary: ImportSummary, known: [Episode]) {
    try await engramErrors { () -> (ImportSummary, [Episode]) in
      var summary = ImportSummary()
      var known: [Episode] = []
      let stored = Dictionary(
        try await store.episodes(ids: episodes.map(\.id)).map { ($0.id, $0) },
        uniquingKeysWith: { first, _ in first })
      var new: [Episode] = []
      for episode in episodes {
        guard let existing = stored[episode.id] else {
          new.append(episode)
          continue
        }
        if policy == .replaceChanged, existing.outcome != episode.outcome {
          try await store.update(episode, embeddings: try await embeddings(of: episode))
          noteAccesses(CollectionOfOne(episode.id))
          summary.replaced += 1
        } else {
          summary.alreadyStored += 1
          known.append(episode)
        }
      }
      guard !new.isEmpty else { return (summary, known) }
      // What will not be stored need not be embedded.
      let embedded = zip(new, try await store.admissions(of: new, keepingCopies: keepingCopies))
        .filter {
          $1 == .new || readmitting && $1 == .forgotten
        }.map(\.0)
      let vectors = Dictionary(
        zip(embedded.map(\.id), try await embeddings(of: embedded)),
        uniquingKeysWith: { first, _ in first })
      let written = new.map { NewEpisode($0, embeddings: vectors[$0.id] ?? []) }
      let outcomes = try await store.insertNew(
        written, readmitting: readmitting, keepingCopies: keepingCopies,
        accessedAt: try await accessOfInsert())
      let inserted = zip(new, outcomes).filter { $1.disposition == .inserted }.map(\.0)
      await embedFollowersAgain(of: inserted.filter { $0.sessionID != nil }.map(\.id))
      for (episode, outcome) in zip(new, outcomes) {
        switch outcome.disposition {
        case .inserted: summary.added += 1
        case .refused: summary.forgotten += 1
        case .ignored, .replaced:
          summary.alreadyStored += 1
          if outcome.sameContentID != nil {
            summary.sameContent += 1
          } else {
            known.append(episode)
          }
        }
      }
      return (summary, known)
    }
  }

  /// The id under which the same content is stored; nil where it is not.
  package func idOfSameContent(as episode: Episode) async throws(EngramError) -> String? {
    try await engramErrors {
      guard
        case .sameContent(let id)? = try await store.admissions(
          of: [episode], keepingCopies: false
        ).first
      else { return nil }
      return id
    }
  }
}
