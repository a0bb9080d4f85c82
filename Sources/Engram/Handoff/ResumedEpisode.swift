public import Episodes

/// Where an agent goes on with an unfinished episode.
public struct ResumedEpisode: Hashable, Sendable, Encodable {
  public var episode: Episode
  /// Where it goes on; nil for after the last step.
  public var checkpoint: Checkpoint?
  /// What was done after the checkpoint: it stays in the episode.
  public var stepsSinceCheckpoint: [ExecutionStep]
  /// The number that the next logged step gets.
  public var nextStepNumber: Int
  public var handoff: HandoffPack

  public init(
    episode: Episode, checkpoint: Checkpoint?, stepsSinceCheckpoint: [ExecutionStep],
    nextStepNumber: Int, handoff: HandoffPack
  ) {
    self.episode = episode
    self.checkpoint = checkpoint
    self.stepsSinceCheckpoint = stepsSinceCheckpoint
    self.nextStepNumber = nextStepNumber
    self.handoff = handoff
  }
}
