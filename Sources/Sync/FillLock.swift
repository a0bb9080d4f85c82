internal import Platform

/// Says that this process is filling a cache, for as long as the object lives: by that a filling under way
/// is told from one that was cut off.
///
/// What keeps pages of two processes apart is the watermark of each; the lock saves them the attempt.
final class FillLock: Sendable {
  /// Nil where there can be no lock, such as on a full disk.
  private let lock: FileLock?

  private init(lock: FileLock?) { self.lock = lock }

  /// Takes the lock without waiting.
  ///
  /// - Parameter cachePath: the folder of the cache; the lock is a file beside it.
  /// - Returns: nil where another process, or another synchronizer of this one, has it.
  static func take(beside cachePath: String) -> FillLock? {
    do throws(FileFailure) {
      guard let lock = try FileLock.take(path: cachePath + ".filling", permissions: 0o600) else {
        return nil
      }
      return FillLock(lock: lock)
    } catch {
      return FillLock(lock: nil)
    }
  }
}
