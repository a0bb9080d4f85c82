/// What a ``SegmentCache`` holds and takes.
public struct SegmentStatistics: Hashable, Sendable, Codable {
  /// Segments in the cache; those still mapped after they were deleted are not counted.
  public var segmentCount: Int
  /// Bytes of the pages in use by segments.
  public var usedBytes: Int
  /// The length of the file. It does not shrink; free pages are used again.
  public var fileBytes: Int
  /// The address space reserved.
  public var mapBytes: Int

  /// What a cache of these numbers takes.
  public init(segmentCount: Int = 0, usedBytes: Int = 0, fileBytes: Int = 0, mapBytes: Int = 0) {
    self.segmentCount = segmentCount
    self.usedBytes = usedBytes
    self.fileBytes = fileBytes
    self.mapBytes = mapBytes
  }
}
