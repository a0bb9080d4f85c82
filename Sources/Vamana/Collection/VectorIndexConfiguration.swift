/// How a ``VectorIndex`` divides its rows and its background work.
public struct VectorIndexConfiguration: Hashable, Sendable {
  /// How segments are built, sealed tails with two thirds of its `candidateCount`. Its `threadCount` bounds
  /// the threads that build at once.
  public var vamana = VamanaConfiguration()
  /// Rows at which the fresh tail is closed and sealed into a segment. Searches scan the tail: twice
  /// the rows take twice the time, and make half as many segments.
  public var tailRowCountMax = 16_384
  /// Closed tails that may wait for their segment, those being built included. While there are as
  /// many, ``VectorIndex/insert(_:recordIDs:)`` waits: a search never scans more than
  /// `closedTailCountMax · tailRowCountMax` rows, and tails never hold more in memory.
  public var closedTailCountMax = 4
  /// Segments above which an insert waits for a merge, so that a search visits a bounded number.
  public var segmentCountMax = 64
  /// When segments are merged.
  public var mergePolicy = MergePolicy()
  /// The identifier of what makes the vectors, kept in every segment (at most 128 bytes of UTF-8).
  public var model = ""

  public init() {}

  /// Checks every setting, as an index does when it is opened.
  package func validate() throws(VectorIndexError) {
    do throws(VamanaError) {
      try vamana.validate()
      try Self.check("tailRowCountMax", tailRowCountMax, 1...1 << 22)
      try Self.check("closedTailCountMax", closedTailCountMax, 1...1024)
      try Self.check("segmentCountMax", segmentCountMax, 2...4096)
      try Self.check("mergePolicy.fanIn", mergePolicy.fanIn, 2...1024)
      try Self.check("mergePolicy.rowCountMax", mergePolicy.rowCountMax, 1...nodeCountMax)
      try Self.check("model (bytes)", model.utf8.count, 0...SegmentHeader.modelBytesMax)
      try Self.check("mergePolicy.deadShareMax", mergePolicy.deadShareMax)
      try Self.check("mergePolicy.segmentDeadShareMax", mergePolicy.segmentDeadShareMax)
      guard segmentCountMax > mergePolicy.fanIn else {
        throw .invalidConfiguration(
          field: "segmentCountMax", value: "\(segmentCountMax)",
          expected: "more than mergePolicy.fanIn (\(mergePolicy.fanIn))")
      }
    } catch {
      throw .vamana(error)
    }
  }

  private static func check(
    _ field: String, _ value: Int, _ range: ClosedRange<Int>
  ) throws(VamanaError) {
    guard range.contains(value) else {
      throw .invalidConfiguration(
        field: field, value: "\(value)",
        expected: "\(range.lowerBound) to \(range.upperBound)")
    }
  }

  private static func check(_ field: String, _ share: Double) throws(VamanaError) {
    guard share > 0, share <= 1 else {
      throw .invalidConfiguration(
        field: field, value: "\(share)", expected: "more than 0, at most 1")
    }
  }
}
