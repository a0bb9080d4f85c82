internal import Glibc
internal import Synchronization

/// The chunks of a segment on their way to the cache, in a file that has no name: the cache takes an image
/// all at once, and there is no need to hold it in memory twice.
///
/// The file's space is given back when the object goes, also of a process that is killed.
///
/// Thread-safe as long as one thread appends.
final class SegmentSpool: Sendable {
  private let descriptor: Int32
  private let path: String
  private let appendedByteCount = Atomic<Int>(0)

  var byteCount: Int { appendedByteCount.load(ordering: .acquiring) }

  /// - Parameter folder: on whose disk the file is.
  init(folder: String) throws(SyncError) {
    path = "\(folder)/incoming-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
    descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Self.failure(path) }
    unlink(path)
  }

  deinit { close(descriptor) }

  func append(_ bytes: [UInt8]) throws(SyncError) {
    let start = byteCount
    var written = 0
    while written < bytes.count {
      // SAFETY: the pointer is used within the closure, for no more than what is left of the bytes.
      let count = bytes.withUnsafeBytes {
        pwrite(
          descriptor, $0.baseAddress! + written, bytes.count - written,
          off_t(start + written))
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw Self.failure(path) }
      written += count
    }
    appendedByteCount.store(start + bytes.count, ordering: .releasing)
  }

  /// Copies what was appended, which must be as long as `image`.
  func read(into image: UnsafeMutableRawBufferPointer) throws(SyncError) {
    var copied = 0
    while copied < image.count {
      // SAFETY: `copied` is below the length of the image, and no more than the rest is read.
      let count = pread(
        descriptor, image.baseAddress! + copied, image.count - copied, off_t(copied))
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw Self.failure(path) }
      copied += count
    }
  }

  private static func failure(_ path: String) -> SyncError {
    .spoolFailed(path: path, problem: String(cString: strerror(errno)))
  }
}
