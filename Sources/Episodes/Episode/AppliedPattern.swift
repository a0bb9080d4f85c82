/// A pattern an episode used, and whether that helped.
public struct AppliedPattern: Hashable, Sendable, Codable {
  /// What using the pattern did.
  public enum Effect: String, Hashable, Sendable, Codable, CaseIterable {
    case helped, noEffect, hindered
  }

  public var patternID: String
  /// Nil until feedback says.
  public var effect: Effect?

  public init(patternID: String, effect: Effect? = nil) {
    self.patternID = patternID
    self.effect = effect
  }
}
