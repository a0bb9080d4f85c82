/// How many episodes a memory keeps.
public struct CapacityLimits: Hashable, Sendable, Codable {
  /// The most episodes in all; nil for no limit.
  public var episodesMax: Int?
  /// The most episodes of each namespace; nil for no limit.
  public var namespaceEpisodesMax: Int?
  public var policy: EvictionPolicy

  public init(
    episodesMax: Int? = nil, namespaceEpisodesMax: Int? = nil,
    policy: EvictionPolicy = .leastRecentlyUsed
  ) {
    self.episodesMax = episodesMax
    self.namespaceEpisodesMax = namespaceEpisodesMax
    self.policy = policy
  }

  /// Whether there is a limit at all.
  public var isLimited: Bool { episodesMax != nil || namespaceEpisodesMax != nil }

  /// Refuses a limit that leaves nothing.
  ///
  /// - Throws: ``ValidationError`` that names it.
  public func validate() throws(ValidationError) {
    for (field, count) in [
      ("episodesMax", episodesMax), ("namespaceEpisodesMax", namespaceEpisodesMax),
    ] {
      if let count, count < 1 {
        throw ValidationError(
          field: field, problem: "is \(count)", expected: "1 or more, or none for no limit")
      }
    }
  }

  /// How many are to be left where there are more than `limit`: a little fewer than it allows, so that not
  /// every write evicts.
  public static func target(of limit: Int) -> Int { limit - min(limit / 100, 1000) }

  /// The limits as one line of text.
  public var text: String {
    "\(episodesMax ?? 0) \(namespaceEpisodesMax ?? 0) \(policy.rawValue)"
  }

  /// Reads ``text``.
  public init?(_ text: String) {
    let parts = text.split(separator: " ")
    guard parts.count == 3, let all = Int(parts[0]), let each = Int(parts[1]), all >= 0, each >= 0,
      let policy = EvictionPolicy(rawValue: String(parts[2]))
    else { return nil }
    self.init(
      episodesMax: all > 0 ? all : nil, namespaceEpisodesMax: each > 0 ? each : nil, policy: policy)
  }
}
