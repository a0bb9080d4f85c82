/// What the node records of a segment are placed for.
public enum NodePlacement: String, Hashable, Sendable, CaseIterable {
  /// To be searched in memory: records follow each other closely.
  case memory
  /// To be read from a file one by one, by a ``DiskSegment``: a record holds all of its vector and a
  /// checksum, and none crosses a page of 4,096 bytes unless it is longer. The image is up to twice as
  /// large. It can be searched in memory too.
  case disk
}
