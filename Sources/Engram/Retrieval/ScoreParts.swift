/// The parts of a hit's score: each as it counts, its weight included, so that their sum is the score.
public struct ScoreParts: Hashable, Sendable, Encodable {
  public var semantic = 0.0
  public var text = 0.0
  public var neighbors = 0.0
  public var session = 0.0
  public var substance = 0.0
  public var recency = 0.0
  public var reward = 0.0
  public var context = 0.0
  public var effectiveness = 0.0

  public init() {}

  public var total: Double {
    semantic + text + neighbors + session + substance + recency + reward + context + effectiveness
  }

  /// Name and value of each, in the order in which people read them.
  public var named: [(name: String, value: Double)] {
    [
      ("semantic", semantic), ("text", text), ("neighbors", neighbors), ("session", session),
      ("substance", substance),
      ("recency", recency), ("reward", reward), ("context", context),
      ("effectiveness", effectiveness),
    ]
  }
}
