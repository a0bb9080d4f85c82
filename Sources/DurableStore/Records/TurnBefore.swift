public import Episodes

/// What comes before an episode in its session, as far as it is stored.
public struct TurnBefore: Hashable, Sendable {
  /// Whether the episode that it comes before is stored itself.
  public var isFollowerStored: Bool
  /// What the turn before was about; nil if there is none.
  public var description: String?
  public var start: Timestamp?

  public init(
    isFollowerStored: Bool = false, description: String? = nil, start: Timestamp? = nil
  ) {
    self.isFollowerStored = isFollowerStored
    self.description = description
    self.start = start
  }
}
