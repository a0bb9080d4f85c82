internal import Glibc

/// Says that this process is filling a cache, for as long as the object lives. The system drops it when the
/// process ends, however it ends: by that a filling under way is told from one that was cut off.
///
/// What keeps pages of two processes apart is the watermark of each; the lock saves them the attempt.
final class FillLock: Sendable {
  /// -1 where there can be no lock, such as on a full disk.
  private let descriptor: Int32

  private init(descriptor: Int32) { self.descriptor = descriptor }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  /// Takes the lock without waiting.
  ///
  /// - Parameter cachePath: the folder of the cache; the lock is a file beside it.
  /// - Returns: nil where another process, or another synchronizer of this one, has it.
  static func take(beside cachePath: String) -> FillLock? {
    let descriptor = open(cachePath + ".filling", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return FillLock(descriptor: -1) }
    if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return FillLock(descriptor: descriptor) }
    let isHeld = errno == EWOULDBLOCK
    close(descriptor)
    return isHeld ? nil : FillLock(descriptor: -1)
  }
}
