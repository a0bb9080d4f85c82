import Glibc

/// Pages of an environment's file in a mapping of their own, beside LMDB's map.
///
/// LMDB's map may be replaced by a larger one at any time, so that what is used for longer than a transaction
/// cannot lie there. Who holds a mapping also holds the snapshot that its pages are of: else a writer would use
/// them again.
///
/// Thread-safe.
final class PageMapping: Sendable {
  /// The bytes asked for.
  // SAFETY: mapped for reading only as long as the object lives, and nothing writes to the pages of a
  // snapshot that is held.
  nonisolated(unsafe) let bytes: UnsafeRawBufferPointer
  // SAFETY: never written through.
  nonisolated(unsafe) private let start: UnsafeMutableRawPointer
  private let mappedBytes: Int

  /// Maps `count` bytes at `offset` of the file `descriptor`, which may be closed afterwards.
  ///
  /// - Returns: nil where the file ends before, so that touching the bytes would kill the process.
  /// - Throws: ``CacheError`` when the system refuses.
  init?(
    descriptor: Int32, offset: Int, count: Int, path: String
  ) throws(CacheError) {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw CacheError(system: errno, operation: "read the size of the data file", path: path)
    }
    guard offset >= 0, count > 0, offset <= Int(status.st_size) - count else { return nil }
    // The pages of a file that came from another machine may be smaller than those of this one.
    let lead = offset % Int(getpagesize())
    let mapped = mmap(
      nil, lead + count, PROT_READ, MAP_SHARED, descriptor, off_t(offset - lead))
    guard let mapped, mapped != MAP_FAILED else {
      throw CacheError(system: errno, operation: "map a segment", path: path)
    }
    // A search jumps about; what is read ahead of it would be wasted, and push out pages in use.
    madvise(mapped, lead + count, MADV_RANDOM)
    start = mapped
    mappedBytes = lead + count
    bytes = UnsafeRawBufferPointer(start: mapped + lead, count: count)
  }

  deinit { munmap(start, mappedBytes) }

  /// Asks the system to read the pages into memory ahead of their use. Returns at once.
  func prefetch() { madvise(start, mappedBytes, MADV_WILLNEED) }
}
