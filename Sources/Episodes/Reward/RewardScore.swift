/// The reward of an episode and the factors it was made of; see ``RewardFormula``.
public struct RewardScore: Hashable, Sendable, Codable {
  /// The largest number that a part of a reward from elsewhere may be, either side of 0.
  public static let valueMax = 1e9

  /// `base · efficiency · complexityBonus · qualityMultiplier + learningBonus`, at least 0.
  public var total: Double
  public var base: Double
  public var efficiency: Double
  public var complexityBonus: Double
  public var qualityMultiplier: Double
  public var learningBonus: Double

  public init(
    total: Double, base: Double, efficiency: Double, complexityBonus: Double,
    qualityMultiplier: Double, learningBonus: Double
  ) {
    self.total = total
    self.base = base
    self.efficiency = efficiency
    self.complexityBonus = complexityBonus
    self.qualityMultiplier = qualityMultiplier
    self.learningBonus = learningBonus
  }
}
