/// What one search cost.
public struct SearchStatistics: Hashable, Sendable {
  /// Nodes whose neighbours were read.
  public var hopCount = 0
  /// Distances computed on codes.
  public var distanceEvaluationCount = 0
  /// Distances computed on full vectors.
  public var exactDistanceEvaluationCount = 0

  /// Of a ``DiskSegment``: records read from the file, their bytes, how many of those reads had to wait
  /// for the disk, and records that were in the segment's own cache.
  public var readCount = 0
  public var readByteCount = 0
  public var waitedReadCount = 0
  public var cachedRecordCount = 0

  public init() {}

  /// Adds up what several searches cost.
  public static func += (left: inout SearchStatistics, right: SearchStatistics) {
    left.hopCount += right.hopCount
    left.distanceEvaluationCount += right.distanceEvaluationCount
    left.exactDistanceEvaluationCount += right.exactDistanceEvaluationCount
    left.readCount += right.readCount
    left.readByteCount += right.readByteCount
    left.waitedReadCount += right.waitedReadCount
    left.cachedRecordCount += right.cachedRecordCount
  }
}
