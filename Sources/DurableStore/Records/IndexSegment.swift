public import Episodes

/// A stored image of a part of the vector index, in chunks.
public struct IndexSegment: Hashable, Sendable, Identifiable {
  public var id: Int64
  /// What the image holds.
  public var contents: SegmentContents
  public var byteCount: Int
  /// Bytes of every chunk but the last, which has the rest.
  public var chunkBytes: Int
  /// SHA-256 of the image, in lower-case hexadecimal.
  public var checksum: String
  public var createdAt: Timestamp

  public var chunkCount: Int { (byteCount + chunkBytes - 1) / chunkBytes }

  public init(
    id: Int64, contents: SegmentContents, byteCount: Int, chunkBytes: Int, checksum: String,
    createdAt: Timestamp
  ) {
    self.id = id
    self.contents = contents
    self.byteCount = byteCount
    self.chunkBytes = chunkBytes
    self.checksum = checksum
    self.createdAt = createdAt
  }
}
