import Glibc

/// The image of a segment, in the map of the cache.
///
/// The object holds a read transaction of its own, so its bytes stay as they are while other
/// transactions replace or delete the segment, and the cache may be closed meanwhile. As long as it
/// lives, no page freed since it was opened is used again, so drop it once a newer one is in use.
///
/// Thread-safe.
public final class MappedSegment: Sendable {
  /// The number that the durable store gave the segment.
  public let id: Int64
  /// What was written with the image.
  public let description: SegmentDescription
  /// The image, aligned to 64 bytes; valid as long as this object lives, and read-only.
  // SAFETY: the transaction pins the pages, and nothing writes to them before it ends.
  public nonisolated(unsafe) let bytes: UnsafeRawBufferPointer
  private let lease: EnvironmentLease
  private let transaction: ReadTransactionBox

  init(
    id: Int64, description: SegmentDescription, bytes: UnsafeRawBufferPointer,
    transaction: consuming ReadTransaction, lease: EnvironmentLease
  ) {
    self.id = id
    self.description = description
    self.bytes = bytes
    self.transaction = ReadTransactionBox(transaction)
    self.lease = lease
  }

  deinit { lease.environment.endRead(transaction.transaction) }

  /// Asks the system to read the image into memory ahead of its use. Returns at once.
  public func prefetch() {
    guard let start = bytes.baseAddress, !bytes.isEmpty else { return }
    // SAFETY: advice only; the range is in the map, from the start of the image's first page.
    let pageStart = UnsafeMutableRawPointer(mutating: start - SegmentFormat.imageAlignment)
    madvise(pageStart, bytes.count + SegmentFormat.imageAlignment, MADV_WILLNEED)
  }
}
