internal import Glibc

extension RecordCache {
  /// Whether an earlier cache at `path` could not be used, and lies beside it still.
  public static func wasSetAside(at path: String) -> Bool {
    access(CacheDirectory.setAsidePath(path), F_OK) == 0
  }
}
