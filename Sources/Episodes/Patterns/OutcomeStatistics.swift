/// How often something ended well and badly.
public struct OutcomeStatistics: Hashable, Sendable, Codable {
  public var successCount: Int
  public var failureCount: Int

  public init(successCount: Int = 0, failureCount: Int = 0) {
    self.successCount = successCount
    self.failureCount = failureCount
  }
}
