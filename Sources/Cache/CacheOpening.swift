/// What opening a cache found on disk.
public enum CacheOpening: Hashable, Sendable {
  /// There was none; a new one was made.
  case created
  /// One was there and is used as it is.
  case existing
  /// One was there that could not be used, for `reason`. It was moved to the directory `setAside`
  /// and a new one was made, so everything must be synchronised again.
  case rebuilt(reason: CacheError, setAside: String)

  /// Whether the cache starts out empty.
  public var isFresh: Bool { self != .existing }
}
