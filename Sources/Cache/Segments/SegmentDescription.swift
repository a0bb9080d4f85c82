/// What is known of a segment's image without reading it.
public struct SegmentDescription: Hashable, Sendable, Codable {
  /// Bytes of the image.
  public var byteCount: Int
  /// The caller's checksum of the image, such as a SHA-256 in hexadecimal. The cache keeps it and
  /// does not compute it.
  public var checksum: String
  /// The model whose vectors the segment indexes.
  public var model: String
  /// The highest number of an embedding that the segment covers.
  public var embeddingIDMax: UInt64
  /// The number of vectors.
  public var count: Int

  /// A description; nothing of it is checked until it is written with an image.
  public init(
    byteCount: Int, checksum: String, model: String, embeddingIDMax: UInt64, count: Int
  ) {
    self.byteCount = byteCount
    self.checksum = checksum
    self.model = model
    self.embeddingIDMax = embeddingIDMax
    self.count = count
  }
}
