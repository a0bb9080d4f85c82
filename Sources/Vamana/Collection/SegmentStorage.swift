/// Where a ``VectorIndex`` keeps its segments.
///
/// A storage belongs to one index at a time. It is called from several threads at once, ``save(_:)``
/// from one at a time. Neither searches nor writers wait for a call.
public protocol SegmentStorage: Sendable {
  /// Keeps an image and opens it: in place where it was stored, or from the memory it came in.
  ///
  /// - Returns: a handle by which ``open(_:)`` finds the image again, unique for all time, and the
  ///   segment to search.
  func store(_ image: SegmentImage) throws -> StoredSegment

  /// Opens an image that was stored.
  func open(_ handle: SegmentHandle) throws -> Segment

  /// Keeps the manifest in place of the one before, all or nothing.
  ///
  /// Called after the segments it names were stored and before those it no longer names are removed,
  /// so that the manifest last saved can always be opened.
  func save(_ manifest: SegmentManifest) throws

  /// Forgets an image: no manifest names it and no snapshot reads it any more. Called on whichever
  /// thread lets go of the last snapshot; must not call the index.
  func remove(_ handle: SegmentHandle)
}

/// A storage's name for an image.
public struct SegmentHandle: RawRepresentable, Hashable, Sendable, Codable {
  public var rawValue: String

  public init(rawValue: String) { self.rawValue = rawValue }
}

/// An image as a storage keeps it.
public struct StoredSegment: Sendable {
  public var handle: SegmentHandle
  public var segment: Segment

  public init(handle: SegmentHandle, segment: Segment) {
    self.handle = handle
    self.segment = segment
  }
}
