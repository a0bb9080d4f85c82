public import Episodes

/// What a namespace holds.
public struct NamespaceSummary: Hashable, Sendable, Codable {
  public var namespace: String
  public var episodes: Int
  public var unfinished: Int
  public var agents: Int
  public var sessions: Int
  public var firstStart: Timestamp
  public var lastStart: Timestamp

  public init(
    namespace: String, episodes: Int, unfinished: Int, agents: Int, sessions: Int,
    firstStart: Timestamp, lastStart: Timestamp
  ) {
    self.namespace = namespace
    self.episodes = episodes
    self.unfinished = unfinished
    self.agents = agents
    self.sessions = sessions
    self.firstStart = firstStart
    self.lastStart = lastStart
  }
}
