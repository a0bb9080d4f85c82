/// How the syncs of one process have gone.
public struct SyncHealth: Hashable, Sendable, Codable {
  /// Whether the durable store could not be reached when last tried.
  public var isStoreAway = false
  /// Syncs that went through, and those that did not.
  public var syncCount = 0
  public var failureCount = 0
  /// Failures since the last sync that went through.
  public var failuresInARow = 0
  /// Why the last one failed, if it did; one line.
  public var problem: String?
  /// Seconds until searches and the background service try again; 0 unless the last sync failed.
  public var retrySeconds = 0.0
  /// Why the last sync that went through was started; nil before the first.
  public var lastTrigger: SyncTrigger?
  /// The change sequence the cache stood at after it.
  public var watermark: Int64 = 0

  public init() {}
}
