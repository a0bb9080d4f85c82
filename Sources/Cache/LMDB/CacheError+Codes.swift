import CLMDB
import Glibc

extension CacheError {
  /// The error for a number that LMDB or the system gave.
  init(system code: Int32, operation: String, path: String) {
    let reason: Reason =
      switch code {
      case MDB_INVALID, MDB_VERSION_MISMATCH, MDB_CORRUPTED, MDB_PAGE_NOTFOUND, MDB_INCOMPATIBLE,
        MDB_CURSOR_FULL, MDB_PAGE_FULL, ENOTDIR, EISDIR:
        .damaged
      case MDB_MAP_FULL: .mapFull
      case MDB_READERS_FULL: .readersFull
      case MDB_PANIC: .failedEarlier
      case ENOSPC, EDQUOT: .diskFull
      // LMDB's name for a write that was cut short, which is what a disk does that fills up in the middle of it.
      case EIO where Self.isAlmostFull(path): .diskFull
      case EACCES, EPERM, EROFS: .noPermission
      default: .system
      }
    self.init(
      reason: reason, code: code, operation: operation, path: path,
      // SAFETY: mdb_strerror returns a static text, or strerror's, which is copied at once.
      detail: String(cString: mdb_strerror(code)))
  }

  /// Less than the pages of a small transaction.
  private static let freeBytesMin = 64 << 10

  /// Whether the disk of a file or folder has hardly any room.
  static func isAlmostFull(_ path: String) -> Bool {
    var status = statvfs()
    return statvfs(path, &status) == 0
      && UInt64(status.f_bavail) * UInt64(status.f_frsize) < freeBytesMin
  }
}

/// Throws the error of `code` unless it is 0.
func check(
  _ code: Int32, _ operation: @autoclosure () -> String, _ path: String
) throws(CacheError) {
  if code != MDB_SUCCESS {
    throw CacheError(system: code, operation: operation(), path: path)
  }
}
