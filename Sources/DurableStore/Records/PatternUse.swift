public import Episodes

/// What one use of a pattern showed.
public struct PatternUse: Hashable, Sendable {
  /// It was recommended.
  public var wasRetrieved: Bool
  /// It was followed: whether that succeeded, and the reward above that of episodes without it.
  public var application: Application?
  public var time: Timestamp

  public struct Application: Hashable, Sendable {
    public var succeeded: Bool
    public var rewardDelta: Double

    public init(succeeded: Bool, rewardDelta: Double = 0) {
      self.succeeded = succeeded
      self.rewardDelta = rewardDelta
    }
  }

  public init(wasRetrieved: Bool, application: Application? = nil, time: Timestamp) {
    self.wasRetrieved = wasRetrieved
    self.application = application
    self.time = time
  }
}
