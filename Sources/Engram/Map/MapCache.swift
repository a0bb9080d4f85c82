internal import Sync

/// The maps that were drawn last, each of one state of the cache.
struct MapCache: Sendable {
  struct Key: Hashable, Sendable {
    var namespace: String?
    var limit: Int
    var model: String
  }

  private var entries: [(key: Key, state: CacheState, map: EpisodeMap)] = []
  private static let countMax = 4

  func map(_ key: Key, at state: CacheState) -> EpisodeMap? {
    entries.first { $0.key == key && $0.state == state }?.map
  }

  mutating func put(_ map: EpisodeMap, _ key: Key, at state: CacheState) {
    entries.removeAll { $0.key == key || $0.state != state }
    if entries.count >= Self.countMax { entries.removeFirst() }
    entries.append((key, state, map))
  }
}
