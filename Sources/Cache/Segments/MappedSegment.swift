/// The image of a segment, mapped from the file of the cache.
///
/// The object holds a read transaction of its own, so its bytes stay as they are while other
/// transactions replace or delete the segment, the map of the cache grows, and the cache is closed. As
/// long as it lives, no page freed since it was opened is used again, so drop it once a newer one is in
/// use.
///
/// Thread-safe.
public final class MappedSegment: Sendable {
  /// The number that the durable store gave the segment.
  public let id: Int64
  /// What was written with the image.
  public let description: SegmentDescription
  /// The image, aligned to 64 bytes, and read-only. Valid as long as this object lives, which the caller
  /// must see to: it may end with its last use. ``withBytes(_:)`` does that for one closure.
  // SAFETY: the transaction pins the pages, and nothing writes to them before it ends.
  public nonisolated(unsafe) let bytes: UnsafeRawBufferPointer
  private let mapping: PageMapping
  private let lease: EnvironmentLease
  private let transaction: ReadTransactionBox

  init(
    id: Int64, description: SegmentDescription, bytes: UnsafeRawBufferPointer,
    mapping: PageMapping, transaction: consuming ReadTransaction, lease: EnvironmentLease
  ) {
    self.id = id
    self.description = description
    self.bytes = bytes
    self.mapping = mapping
    self.transaction = ReadTransactionBox(transaction)
    self.lease = lease
  }

  deinit { lease.environment.endRead(transaction.transaction) }

  /// Runs `body` with the image, which is valid until it returns.
  public func withBytes<Value>(_ body: (UnsafeRawBufferPointer) throws -> Value) rethrows -> Value {
    defer { withExtendedLifetime(self) {} }
    return try body(bytes)
  }

  /// Asks the system to read the image into memory ahead of its use. Returns at once.
  public func prefetch() { mapping.prefetch() }
}
