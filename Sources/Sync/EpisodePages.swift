internal import Cache
internal import DurableStore
internal import Episodes

/// The newest episodes of a store, oldest of them first, so that the last one carried is the last to be
/// evicted.
struct EpisodePages {
  let store: DurableStore
  private let start: EpisodeCursor?
  private let isEmpty: Bool
  /// Of the last page, on average.
  private var bytesEach = 1

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
  /// - Returns: the text of where it ends, and how many episodes came; nil where there was nothing more.
  mutating func addPage(
    to batch: inout CacheBatch, after text: String, limit: Int, byteCountMax: Int,
    _ byteCount: inout Int
  ) async throws -> (next: String, count: Int)? {
    if isEmpty { return nil }
    let cursor = EpisodeCursor(text) ?? start
    // A server sends all that it is asked for; what is beyond the bound would be sent in vain.
    let limit = min(limit, max(1, byteCountMax / bytesEach))
    let page = try await store.transferEpisodes(
      fromOldest: cursor, isInclusive: text.isEmpty, limit: limit
    ) {
      EpisodeMessageSink(byteCountMax: byteCountMax)
    }
    if let page {
      byteCount += page.product.byteCount
      let count = page.product.episodes.count
      bytesEach = max(1, page.product.byteCount / max(1, count))
      try await add(page.product.episodes, to: &batch)
      return page.next.map { ($0.description, count) }
    }
    let ordinary = try await store.episodes(
      fromOldest: cursor, isInclusive: text.isEmpty, limit: min(limit, Self.ordinaryLimit))
    for episode in ordinary.episodes { byteCount += episode.approximateByteCount }
    batch.episodes += ordinary.episodes
    return ordinary.next.map { ($0.description, ordinary.episodes.count) }
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
