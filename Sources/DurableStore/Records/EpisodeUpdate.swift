public import Episodes

/// Changed fields of one episode, to be written if nothing else has changed it.
public struct EpisodeUpdate: Sendable {
  /// As it is after the changes.
  public var episode: Episode
  public var changes: EpisodeChanges
  /// What ``DurableStore/revisions(ofEpisodes:)`` said before the episode was read.
  public var expectedRevision: Int64
  /// Of the changed episode; they replace those of the same part and model.
  public var embeddings: [Embedding]

  public init(
    _ episode: Episode, _ changes: EpisodeChanges, expectedRevision: Int64,
    embeddings: [Embedding]
  ) {
    self.episode = episode
    self.changes = changes
    self.expectedRevision = expectedRevision
    self.embeddings = embeddings
  }
}
