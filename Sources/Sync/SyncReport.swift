/// What one sync did.
public struct SyncReport: Hashable, Sendable, Codable {
  public var trigger: SyncTrigger = .manual
  /// Whether the cache was emptied first, because it held another store's records or was behind what
  /// the change log still holds.
  public var startedOver = false
  /// Whether the cache was filled from the records themselves, not from the log.
  public var isFull = false
  /// Changes read from the log.
  public var changeCount = 0
  /// Cache transactions.
  public var batchCount = 0
  public var episodesWritten = 0
  public var patternsWritten = 0
  public var heuristicsWritten = 0
  public var embeddingsWritten = 0
  /// Records of any kind that were deleted from the cache.
  public var recordsDeleted = 0
  public var segmentsCarried = 0
  public var segmentBytes = 0
  public var segmentsDropped = 0
  /// Entries of the change log that no cache is expected to need any more.
  public var changesTrimmed = 0
  /// The change sequence the cache now stands at.
  public var watermark: Int64 = 0
  public var seconds = 0.0

  public init() {}

  /// What two syncs did, one after the other.
  public static func + (first: SyncReport, second: SyncReport) -> SyncReport {
    var sum = second
    sum.startedOver = first.startedOver || second.startedOver
    sum.isFull = first.isFull || second.isFull
    sum.changesTrimmed += first.changesTrimmed
    sum.changeCount += first.changeCount
    sum.batchCount += first.batchCount
    sum.episodesWritten += first.episodesWritten
    sum.patternsWritten += first.patternsWritten
    sum.heuristicsWritten += first.heuristicsWritten
    sum.embeddingsWritten += first.embeddingsWritten
    sum.recordsDeleted += first.recordsDeleted
    sum.segmentsCarried += first.segmentsCarried
    sum.segmentBytes += first.segmentBytes
    sum.segmentsDropped += first.segmentsDropped
    sum.seconds += first.seconds
    return sum
  }

  /// Whether the cache was up to date before.
  public var changedNothing: Bool {
    changeCount == 0 && segmentsCarried == 0 && segmentsDropped == 0 && !startedOver
      && !isFull
  }
}
