internal import Episodes

/// What ranking must know of an episode without reading it.
struct DirectoryEntry: Sendable {
  var id: String
  /// A hash of namespace and session; 0 where the episode is in none.
  var session: UInt64
  /// Nanoseconds since 1970.
  var start: Int64
  /// The place among episodes of the same start: the order in which they were stored.
  var sequence: UInt64
  /// 0 to 1; nil while it is not known.
  var reward: Float?
  var effectiveness: Float?
  /// Hashes of domain, language, framework (0 where there is none) and of the tags.
  var domain: UInt64
  var language: UInt64
  var framework: UInt64
  var tags: [UInt64]

  init(_ episode: Episode, sequence: UInt64) {
    id = episode.id
    session = episode.sessionID.map { stableHash(episode.namespace, $0) } ?? 0
    start = episode.startTime.nanosecondsSince1970
    self.sequence = sequence
    reward = episode.reward.map { Float(min(1, max(0, $0.total / 2))) }
    let effects = episode.appliedPatterns.compactMap(\.effect)
    effectiveness =
      effects.isEmpty
      ? nil
      : effects.reduce(0) { $0 + ($1 == .helped ? 1 : $1 == .noEffect ? 0.5 : 0) }
        / Float(effects.count)
    domain = stableHash(episode.context.domain)
    language = episode.context.language.map { stableHash($0) } ?? 0
    framework = episode.context.framework.map { stableHash($0) } ?? 0
    tags = Set(episode.tags + episode.context.tags).map { stableHash($0.name) }.sorted()
  }
}
