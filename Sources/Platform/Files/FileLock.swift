#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// An exclusive lock between processes and between threads, held as long as the object lives.
///
/// The system drops it when the process ends, however it ends. The file stays: to delete it would let two
/// holders lock two files of one name.
///
/// Thread-safe.
package final class FileLock: Sendable {
  private let descriptor: Int32

  private static let pauseMilliseconds = 2

  /// Takes the lock on the file `path`, which is made if it is missing.
  ///
  /// - Parameters:
  ///   - permissions: of the file where it is made, before the process's mask.
  ///   - waitMillisecondsMax: how long to wait for another holder. The thread waits: only for locks that are
  ///     held for milliseconds.
  /// - Returns: nil if another holds it, in this process or another.
  /// - Throws: ``FileFailure`` where the file cannot be opened or locked at all.
  package static func take(
    path: String, permissions: UInt32, waitMillisecondsMax: Int = 0
  ) throws(FileFailure) -> FileLock? {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, mode_t(permissions))
    guard descriptor >= 0 else { throw .last(.open, path: path) }
    var waitedMilliseconds = 0
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      let code = errno
      guard code == EWOULDBLOCK || code == EINTR, waitedMilliseconds < waitMillisecondsMax else {
        close(descriptor)
        if code == EWOULDBLOCK { return nil }
        throw FileFailure(.lock, path: path, code: code)
      }
      usleep(UInt32(pauseMilliseconds) * 1000)
      waitedMilliseconds += pauseMilliseconds
    }
    return FileLock(descriptor: descriptor)
  }

  private init(descriptor: Int32) { self.descriptor = descriptor }

  deinit { close(descriptor) }
}
