/// A segment in the cache: its number and description.
public struct CachedSegment: Hashable, Sendable, Codable, Identifiable {
  /// The number that the durable store gave the segment.
  public var id: Int64
  /// What is known of its image.
  public var description: SegmentDescription

  /// A segment and its description.
  public init(id: Int64, description: SegmentDescription) {
    self.id = id
    self.description = description
  }
}
