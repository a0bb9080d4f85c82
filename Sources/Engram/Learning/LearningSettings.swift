internal import Episodes

/// How a memory learns from completed episodes.
public struct LearningSettings: Hashable, Sendable {
  /// Whether the memory learns in the background while it is open. Otherwise what is completed waits in the
  /// store for ``Memory/learnPending(progress:)``, or for a memory that does.
  public var isAutomatic: Bool
  /// Episodes learned from in one transaction, at least 1, and fewer of long ones: their texts have 16 MiB at most,
  /// or are those of one episode. This many are in memory at once.
  public var batchSize: Int
  /// Seconds after which the background tries again when learning failed, as while the store is away.
  public var retrySeconds: Double

  public init(isAutomatic: Bool = true, batchSize: Int = 256, retrySeconds: Double = 5) {
    self.isAutomatic = isAutomatic
    self.batchSize = batchSize
    self.retrySeconds = retrySeconds
  }

  func validate() throws(ValidationError) {
    guard batchSize >= 1 else {
      throw ValidationError(
        field: "learning.batchSize", problem: "is \(batchSize)", expected: "1 or more")
    }
    guard retrySeconds.isFinite, retrySeconds > 0 else {
      throw ValidationError(
        field: "learning.retrySeconds", problem: "is \(retrySeconds)",
        expected: "a number of seconds above 0")
    }
  }
}
