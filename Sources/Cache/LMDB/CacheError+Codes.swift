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
      case EACCES, EPERM, EROFS: .noPermission
      default: .system
      }
    self.init(
      reason: reason, code: code, operation: operation, path: path,
      // SAFETY: mdb_strerror returns a static text, or strerror's, which is copied at once.
      detail: String(cString: mdb_strerror(code)))
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
