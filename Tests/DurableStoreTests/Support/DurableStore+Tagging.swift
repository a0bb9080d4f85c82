import Episodes

@testable import DurableStore

/// Tags changed as a memory changes them, without embeddings.
extension DurableStore {
  func addTags(_ tags: [Episodes.Tag], toEpisode id: String) async throws {
    _ = try await changeTags(ids: [id]) { $0.adding(tags) }
  }

  /// - Returns: the ids of the episodes that were changed.
  @discardableResult
  func replaceTags(
    _ tags: [Episodes.Tag], by replacement: Episodes.Tag?, namespace: String? = nil
  ) async throws -> [String] {
    let filter = EpisodeFilter(namespace: namespace, tagsAny: tags.filter { $0 != replacement })
    if filter.tagsAny.isEmpty { return [] }
    let ids = try await episodeIDs(matching: filter, limit: Self.upkeepBatchMax).sorted()
    return try await changeTags(ids: ids) { $0.replacing(tags, by: replacement) }
  }

  private func changeTags(
    ids: [String], _ changes: (Episode) -> EpisodeChanges
  ) async throws -> [String] {
    let revisions = try await revisions(ofEpisodes: ids)
    let updates = try await episodes(ids: ids).map { episode in
      var changed = episode
      let changes = changes(episode)
      changes.apply(to: &changed)
      return EpisodeUpdate(
        changed, changes, expectedRevision: revisions[episode.id] ?? 0, embeddings: [])
    }.filter { !$0.changes.isEmpty }
    _ = try await updateTags(updates)
    return updates.map(\.episode.id)
  }
}
