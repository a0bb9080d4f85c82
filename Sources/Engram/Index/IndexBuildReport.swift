/// What building the index did.
public struct IndexBuildReport: Hashable, Sendable, Codable {
  public var segmentID: Int64
  public var count: Int
  public var dimension: Int
  public var byteCount: Int
  /// Seconds of building, without reading the vectors and publishing the segment.
  public var buildSeconds: Double
  /// Segments that the new one replaces.
  public var replacedSegments: [Int64]
}
