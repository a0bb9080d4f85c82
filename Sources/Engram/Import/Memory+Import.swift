internal import DurableStore
public import Episodes

extension Memory {
  /// Stores complete episodes from elsewhere with their embeddings: the new ones in one transaction,
  /// and before them, each in one of its own, those that replace what is stored.
  ///
  /// - Parameters:
  ///   - episodes: a batch; a few hundred are fastest.
  ///   - policy: what happens to ids that are stored already. Importing the same twice changes
  ///     nothing.
  /// - Throws: ``EngramError``; no new episode of the batch is stored then.
  public func importEpisodes(
    _ episodes: [Episode], policy: ImportPolicy = .keepStored
  ) async throws(EngramError) -> ImportSummary {
    do {
      let summary = try await store(episodes, policy: policy)
      if summary.added + summary.replaced > 0 {
        await syncAfterWrite()
        learnSoon()
      }
      return summary
    } catch {
      // Replacements before the failure are stored.
      await syncAfterWrite()
      throw error
    }
  }

  private func store(
    _ episodes: [Episode], policy: ImportPolicy
  ) async throws(EngramError) -> ImportSummary {
    try await engramErrors { () -> ImportSummary in
      var summary = ImportSummary()
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
          summary.replaced += 1
        } else {
          summary.alreadyStored += 1
        }
      }
      guard !new.isEmpty else { return summary }
      let written = zip(new, try await embeddings(of: new)).map {
        NewEpisode($0, embeddings: $1)
      }
      for outcome in try await store.insert(written, onConflict: .ignore) {
        if outcome.disposition == .inserted {
          summary.added += 1
        } else {
          summary.alreadyStored += 1
        }
      }
      return summary
    }
  }
}
