internal import DurableStore
internal import Episodes

/// The patterns that learning has read, which spares it from reading them again for each batch.
///
/// They are of one revision: when anything that was learned has changed otherwise, all is read anew.
struct RecalledPatterns {
  var known = KnownPatterns()
  private var revision: Int64?
  private var keys: [String: Set<String>] = [:]

  /// Beyond so many they are dropped: learning runs beside an agent.
  private static let countMax = 50_000

  /// Reads what is missing of the patterns that a batch can be merged with.
  mutating func recall(for pending: PendingEpisodes, from store: DurableStore) async throws {
    if revision != pending.revision || known.patterns.count > Self.countMax {
      self = RecalledPatterns()
      revision = pending.revision
    }
    var wanted: [String: Set<String>] = [:]
    for item in pending.episodes {
      for observation in PatternExtraction.observations(of: item.episode) {
        wanted[observation.namespace, default: []].formUnion(
          PatternKeys.keys(of: observation.kind, in: observation.context))
      }
    }
    for (namespace, all) in wanted {
      let missing = all.subtracting(keys[namespace] ?? [])
      for pattern in try await store.patterns(withKeys: missing, namespace: namespace) {
        known.add(pattern)
      }
      keys[namespace, default: []].formUnion(missing)
    }
  }

  /// Notes that what was learned since ``recall(for:from:)`` is stored.
  mutating func settle(revision: Int64) {
    known.settle()
    self.revision = revision
  }
}
