/// What building the index did.
public struct IndexBuildReport: Hashable, Sendable, Codable {
  /// The new segments: one, unless the vectors do not fit one image.
  public var segmentIDs: [Int64] = []
  public var count: Int
  public var dimension: Int
  public var byteCount = 0
  /// Seconds of building, without reading the vectors and publishing the segments.
  public var buildSeconds = 0.0
  /// Segments that the new ones replace.
  public var replacedSegments: [Int64]

  init(count: Int, dimension: Int, replacedSegments: [Int64]) {
    self.count = count
    self.dimension = dimension
    self.replacedSegments = replacedSegments
  }
}
