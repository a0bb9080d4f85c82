public import Episodes

/// Episodes as points of a plane: those that are alike lie near to one another, as far as two dimensions can say.
public struct EpisodeMap: Hashable, Sendable, Codable {
  public struct Point: Hashable, Sendable, Codable {
    public var id: String
    /// Along the direction in which the embeddings vary most, -1 to 1.
    public var x: Double
    /// Along that in which they vary most beside it, on the same scale.
    public var y: Double
    public var domain: String
    /// The task, cut where it is long.
    public var title: String
    public var outcome: TaskOutcome.Kind?
  }

  /// In the order in which the episodes were stored.
  public var points: [Point]
  /// How many episodes there are to show; more than points where only a part is.
  public var episodeCount: Int
  /// The shares of the variance that the two directions have, 0 to 1.
  public var explainedVariance: [Double]
  public var model: String
}
