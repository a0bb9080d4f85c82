import Glibc

/// An exclusive lock between processes and threads.
///
/// The system drops it when the process ends, however it ends.
enum FileLock {
  /// How long to wait for another holder. Holders only open a cache, which takes milliseconds.
  private static let waitMillisecondsMax = 10_000

  /// Runs `body` with the lock on the file `path`, which is made if it is missing.
  static func hold<Value>(
    path: String, _ body: () throws(CacheError) -> Value
  ) throws(CacheError) -> Value {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw CacheError(system: errno, operation: "open the lock file", path: path)
    }
    defer { close(descriptor) }
    var waitedMilliseconds = 0
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      let code = errno
      guard code == EWOULDBLOCK || code == EINTR, waitedMilliseconds < Self.waitMillisecondsMax
      else {
        throw CacheError(system: code, operation: "take the lock file", path: path)
      }
      usleep(2_000)
      waitedMilliseconds += 2
    }
    return try body()
  }
}
