/// What a sync carries, and in what portions.
public struct SyncConfiguration: Hashable, Sendable {
  /// How many changes or records are fetched at a time; at least 1. One cache transaction carries as many,
  /// or more where ``batchesATransactionMax`` allows.
  public var batchSize: Int
  /// While there is a long way to go, each cache transaction carries twice as many batches as the one
  /// before, up to this; at least 1. A transaction costs a flush of the disk, whatever its size.
  public var batchesATransactionMax: Int
  /// Bytes of records that end a transaction before it has its batches, which bounds memory; about. What fits the
  /// processor's cache is quickest.
  public var transactionBytesMax: Int
  public var includesPatterns: Bool
  public var includesEmbeddings: Bool
  /// How many entries of the change log are kept for caches that are behind; one that is further behind
  /// is filled anew. At least 1000.
  public var changesKept: Int
  /// From how many changes on a new cache is filled from the records rather than from the log, which names
  /// each record as often as it was written, and also those that the cache would evict again.
  public var replayedChangesMax: Int
  /// How failures are retried by searches and the background service.
  public var retries: RetrySchedule
  /// The longest that a search waits for what was written elsewhere, in seconds. The sync goes on beside it.
  public var searchWaitSecondsMax: Double
  /// For how many seconds after a sync a search takes it that nobody else has written to a store elsewhere, which
  /// costs a round trip to ask; 0 to have each search ask. What this process writes is found at once all the same. A
  /// store in a file is looked at by every search, which costs two system calls.
  public var stalenessSeconds: Double
  /// For how many seconds a validation that finds the cache behind waits for whoever has just written to sync, before it
  /// says that the cache is at fault.
  public var validationWaitSeconds: Double

  public init(
    batchSize: Int = 100, batchesATransactionMax: Int = 64, transactionBytesMax: Int = 4 << 20,
    includesPatterns: Bool = true, includesEmbeddings: Bool = true, changesKept: Int = 200_000,
    replayedChangesMax: Int = 10_000, retries: RetrySchedule = RetrySchedule(),
    searchWaitSecondsMax: Double = 2, stalenessSeconds: Double = 1,
    validationWaitSeconds: Double = 0.2
  ) {
    self.batchSize = max(1, batchSize)
    self.batchesATransactionMax = max(1, batchesATransactionMax)
    self.transactionBytesMax = max(1, transactionBytesMax)
    self.includesPatterns = includesPatterns
    self.includesEmbeddings = includesEmbeddings
    self.changesKept = max(1000, changesKept)
    self.replayedChangesMax = max(0, replayedChangesMax)
    self.retries = retries
    self.searchWaitSecondsMax = max(0, searchWaitSecondsMax)
    self.stalenessSeconds = max(0, stalenessSeconds)
    self.validationWaitSeconds = max(0, validationWaitSeconds)
  }
}
