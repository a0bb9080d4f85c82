public import Episodes

/// Completed episodes that nothing has been learned from yet.
public struct PendingEpisodes: Sendable {
  /// In the order in which they are to be learned from.
  public var episodes: [PendingEpisode]
  /// What was known when they were read; see ``DurableStore/commit(_:)``.
  public var revision: Int64
  /// Episodes that cannot be read, and were put off.
  public var problems: [String]
}

/// One of them, with its row.
public struct PendingEpisode: Hashable, Sendable {
  public var rowID: Int64
  public var episode: Episode

  public init(rowID: Int64, episode: Episode) {
    self.rowID = rowID
    self.episode = episode
  }
}
