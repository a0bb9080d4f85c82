internal import Cache
internal import DurableStore
internal import Episodes

/// The newest episodes of a store, oldest of them first, so that the last one carried is the last to be
/// evicted.
struct EpisodePages {
  let store: DurableStore
  private let start: EpisodeCursor?
  private let isEmpty: Bool

  init(store: DurableStore, countMax: Int) async throws {
    self.store = store
    let start = try await store.cursor(toNewest: countMax)
    self.start = start?.cursor
    isEmpty = start == nil
  }

  /// Adds a page to a batch.
  ///
  /// - Parameters:
  ///   - text: where to go on; empty for the start.
  ///   - byteCountMax: after how many bytes the page ends, about.
  ///   - byteCount: to which the bytes of the page are added.
  /// - Returns: the text of where it ends; nil where there was nothing more.
  func addPage(
    to batch: inout CacheBatch, after text: String, limit: Int, byteCountMax: Int,
    _ byteCount: inout Int
  ) async throws -> String? {
    if isEmpty { return nil }
    let cursor = EpisodeCursor(text) ?? start
    let page = try await store.transferEpisodes(
      fromOldest: cursor, isInclusive: text.isEmpty, limit: limit
    ) {
      EpisodeMessageSink(byteCountMax: byteCountMax)
    }
    if let page {
      byteCount += page.product.byteCount
      try await add(page.product.episodes, to: &batch)
      return page.next?.description
    }
    let ordinary = try await store.episodes(
      fromOldest: cursor, isInclusive: text.isEmpty, limit: min(limit, Self.ordinaryLimit))
    for episode in ordinary.episodes { byteCount += episode.approximateByteCount }
    batch.episodes += ordinary.episodes
    return ordinary.next?.description
  }

  private static let ordinaryLimit = 100

  /// Adds messages in their order, and what has none in the ordinary way.
  private func add(
    _ episodes: [(id: String, message: [UInt8]?)], to batch: inout CacheBatch
  ) async throws {
    let ids = episodes.filter { $0.message == nil }.map(\.id)
    var ordinary: [String: Episode] = [:]
    if !ids.isEmpty {
      for episode in try await store.episodes(ids: ids) { ordinary[episode.id] = episode }
    }
    batch.preparedEpisodes.reserveCapacity(batch.preparedEpisodes.count + episodes.count)
    for (id, message) in episodes {
      if let message {
        batch.preparedEpisodes.append(PreparedEpisode(id: id, message: message))
      } else if let episode = ordinary[id] {
        if let prepared = PreparedEpisode(episode) {
          batch.preparedEpisodes.append(prepared)
        } else {
          // Refused when it is written, which is said then.
          batch.episodes.append(episode)
        }
      }
      // One that is gone since is in the log.
    }
  }
}
