/// How a ``DiskSegment`` spends memory and reads.
public struct DiskSegmentOptions: Hashable, Sendable {
  /// How many bytes of node records stay in memory: those around the entry points, which most searches
  /// visit first. Nil for a hundredth of what the vectors would take as floats: more saves few
  /// reads.
  public var cacheByteCount: Int?
  /// Whether each record read is compared with its checksum, which takes about a third of a microsecond
  /// a record. Without, damage to the file can make answers wrong.
  public var verifiesRecords = true
  /// How many reads are under way at once where records come from the disk and not from the system's
  /// page cache, 1 to 64. Answers do not depend on it.
  public var concurrentReadCount = 8

  public init() {}

  func validate() throws(VamanaError) {
    if let cacheByteCount, cacheByteCount < 0 {
      throw .invalidConfiguration(
        field: "cacheByteCount", value: "\(cacheByteCount)", expected: "0 or more")
    }
    guard (1...64).contains(concurrentReadCount) else {
      throw .invalidConfiguration(
        field: "concurrentReadCount", value: "\(concurrentReadCount)", expected: "1 to 64")
    }
  }
}
