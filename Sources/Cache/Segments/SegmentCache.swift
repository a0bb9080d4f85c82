import Synchronization

/// Immutable images of index segments, searched where they lie in the memory map.
///
/// An environment of its own, apart from the records: a mapped segment may be open for hours, and
/// keeps the pages freed meanwhile from being used again.
///
/// Thread-safe, also between processes. As ``RecordCache`` it is never the only copy: one that is
/// damaged is set aside and made anew.
///
///     let cache = try SegmentCache.open(at: home + "/cache/segments")
///     try cache.write(id: 7, description: description) { image in image.copyBytes(from: bytes) }
///     let segment = try cache.segment(id: 7)
///     search(segment.bytes)
public final class SegmentCache: Sendable {
  /// The most bytes of one image.
  public static let imageBytesMax = SegmentFormat.imageBytesMax
  /// The alignment of images in memory, in bytes.
  public static let imageAlignment = SegmentFormat.imageAlignment

  /// The directory of the cache.
  public let path: String
  /// What was found on disk; unless it is `existing`, the cache starts out empty.
  public let opening: CacheOpening
  let descriptions: Table
  let images: Table
  private let lease: Mutex<EnvironmentLease?>

  /// Opens the cache in the directory `path`, made if it is missing. One that is damaged or of
  /// another format is moved aside and made anew.
  ///
  /// - Parameters:
  ///   - path: a directory of this cache's own.
  ///   - mapBytes: bytes of address space to begin with. The map grows when it is full, also while
  ///     segments are mapped.
  ///   - readersMax: segments mapped at once over all processes; the first process to open the
  ///     cache decides.
  ///   - discardsExisting: whether to start anew whatever is there. No cache of the directory may be
  ///     open in this process then, and none of its segments mapped.
  /// - Throws: ``CacheError`` when the directory cannot be used at all.
  public static func open(
    at path: String, mapBytes: Int = RecordCacheConfiguration.defaultMapBytes,
    readersMax: Int = 512,
    discardsExisting: Bool = false
  ) throws(CacheError) -> SegmentCache {
    let (lease, opening) = try CacheDirectory.open(
      path: path, format: SegmentFormat.environment, tables: ["descriptions", "images"],
      // A search jumps about in the image; what is read ahead of it would be wasted, and push out
      // pages in use. MappedSegment.prefetch reads all of it.
      options: EnvironmentOptions(mapBytes: mapBytes, readersMax: readersMax, readsAhead: false),
      discardsExisting: discardsExisting)
    return SegmentCache(path: path, opening: opening, lease: lease)
  }

  private init(path: String, opening: CacheOpening, lease: EnvironmentLease) {
    self.path = path
    self.opening = opening
    self.descriptions = lease.environment.tables[0]
    self.images = lease.environment.tables[1]
    self.lease = Mutex(lease)
  }

  /// Ends the use of the cache; later calls throw `closed`. Segments that are mapped stay so.
  public func close() {
    let ended = lease.withLock { lease in
      defer { lease = nil }
      return lease
    }
    // Dropped outside the lock: it may close the environment.
    _ = consume ended
  }

  /// A hold on the open environment for the length of one operation.
  func held(for operation: String) throws(CacheError) -> EnvironmentLease {
    guard let lease = lease.withLock({ $0 }) else {
      throw CacheError(
        reason: .closed, operation: operation, path: path, detail: "the cache was closed")
    }
    return lease
  }
}
