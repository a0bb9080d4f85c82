/// What an index consists of, apart from rows still in its tails: enough to open it again.
///
/// Rows that were inserted after ``operation`` may not be in a segment yet. Whoever opens a manifest
/// repeats the operations after it, in their order; those that the segments already know change
/// nothing.
public struct SegmentManifest: Hashable, Sendable, Codable {
  /// The format this program writes.
  public static let version = 1

  /// One segment and its dead rows.
  public struct Entry: Hashable, Sendable, Codable {
    public var handle: SegmentHandle
    public var rowCount: Int
    /// Dead rows as a bitmap, 64 to a word, the first row in the lowest bit; rows are numbered by
    /// ascending record id. Words after the last dead row are left out.
    public var deadRows: [UInt64]

    public init(handle: SegmentHandle, rowCount: Int, deadRows: [UInt64]) {
      self.handle = handle
      self.rowCount = rowCount
      self.deadRows = deadRows
    }
  }

  public var version: Int
  public var dimension: Int
  /// ``VectorMath/Metric/rawValue`` of the metric.
  public var metric: UInt32
  public var model: String
  /// Every insert and delete up to this number is in the segments.
  public var operation: UInt64
  /// Oldest first.
  public var segments: [Entry]

  public init(
    dimension: Int, metric: UInt32, model: String, operation: UInt64, segments: [Entry]
  ) {
    version = Self.version
    self.dimension = dimension
    self.metric = metric
    self.model = model
    self.operation = operation
    self.segments = segments
  }
}
