/// What a sync was started by.
public enum SyncTrigger: String, Hashable, Sendable, Codable, CaseIterable {
  /// A memory was opened.
  case startUp
  /// The interval of the background service passed.
  case periodic
  /// A search found that the durable store was written to since the last sync.
  case stale
  /// This process wrote.
  case afterWrite
  /// The durable store was away, and it was time to look again.
  case recovery
  /// Somebody asked for it.
  case manual

  /// Whether both sides are asked how they are before anything is written. Searches and writes are too
  /// frequent for that: their first query fails as well.
  var checksHealth: Bool {
    switch self {
    case .startUp, .periodic, .recovery, .manual: true
    case .stale, .afterWrite: false
    }
  }
}
