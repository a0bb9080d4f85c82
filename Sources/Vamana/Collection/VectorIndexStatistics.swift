/// What a ``VectorIndex`` holds and has done.
public struct VectorIndexStatistics: Hashable, Sendable, Codable {
  /// Living records.
  public var count = 0
  public var segmentCount = 0
  /// Dead rows in segments.
  public var deadRowCount = 0
  /// Rows in segments, dead ones included.
  public var segmentRowCount = 0
  public var segmentByteCount = 0
  /// Closed tails that are not a segment yet.
  public var closedTailCount = 0
  /// Rows in tails, dead ones included: what each search scans.
  public var tailRowCount = 0

  /// Rows inserted since the index was opened.
  public var insertedRowCount = 0
  /// Records deleted since the index was opened, not counting those that an insert replaced.
  public var deletedRowCount = 0
  public var sealCount = 0
  public var mergeCount = 0
  /// Rows built into segments from tails.
  public var sealedRowCount = 0
  /// Rows built again by merges.
  public var mergedRowCount = 0
  /// Segments dropped without a rebuild because all their rows were dead.
  public var droppedSegmentCount = 0
  /// How often an insert waited for the background.
  public var stallCount = 0

  public init() {}

  /// Dead rows among those of the segments, 0 to 1.
  public var deadShare: Double {
    segmentRowCount == 0 ? 0 : Double(deadRowCount) / Double(segmentRowCount)
  }

  /// How often each inserted row was built into a segment so far.
  public var writeAmplification: Double {
    insertedRowCount == 0
      ? 0 : Double(sealedRowCount + mergedRowCount) / Double(insertedRowCount)
  }
}
