internal import Episodes

/// When a memory makes segments of the index by itself.
///
/// Searches scan the *tail*, the embeddings that no segment covers yet. Where a search or a periodic sync has seen it
/// grow beyond ``tailCountMax``, it is sealed to a segment in the background, and published as
/// ``Memory/buildIndex(progress:)`` does; segments of a size are merged by the rules of `VectorIndex` (`MergePolicy`).
public struct SealingSettings: Hashable, Sendable {
  /// Whether it does. Otherwise the tail grows until ``Memory/buildIndex(progress:)``.
  public var isAutomatic: Bool
  /// Embeddings from which on the tail is sealed; at least 1. A scan takes about 0.1 µs for each of 384
  /// dimensions.
  public var tailCountMax: Int
  /// The most embeddings of a segment that a merge makes: it bounds the memory and the time that one takes.
  public var mergedCountMax: Int
  /// Seconds after which the background tries again when it failed, as while the store is away, or when another
  /// process was at work on the index.
  public var retrySeconds: Double

  public init(
    isAutomatic: Bool = true, tailCountMax: Int = 4096, mergedCountMax: Int = 131_072,
    retrySeconds: Double = 30
  ) {
    self.isAutomatic = isAutomatic
    self.tailCountMax = tailCountMax
    self.mergedCountMax = mergedCountMax
    self.retrySeconds = retrySeconds
  }

  func validate() throws(ValidationError) {
    for (name, value) in [("tailCountMax", tailCountMax), ("mergedCountMax", mergedCountMax)]
    where value < 1 {
      throw ValidationError(
        field: "sealing.\(name)", problem: "is \(value)", expected: "1 or more")
    }
    guard retrySeconds.isFinite, retrySeconds > 0 else {
      throw ValidationError(
        field: "sealing.retrySeconds", problem: "is \(retrySeconds)",
        expected: "a number of seconds above 0")
    }
  }
}
