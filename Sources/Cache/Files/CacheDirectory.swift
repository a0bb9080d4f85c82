import Glibc
import Platform

/// Opens the environment of a cache, and makes it anew when what is there cannot be used.
enum CacheDirectory {
  /// Where a cache that could not be used is moved: one at a time, so that they do not fill the
  /// disk.
  static func setAsidePath(_ path: String) -> String { path + ".set-aside" }

  /// - Parameters:
  ///   - path: the directory of the environment; made if it is missing.
  ///   - discardsExisting: whether what is there is set aside whatever it is.
  ///   - check: looks at an environment that was there and that this process did not have open; throws
  ///     with reason `damaged` to have it set aside.
  static func open(
    path: String, format: String, tables: [String], options: EnvironmentOptions,
    discardsExisting: Bool, check: (Environment) throws(CacheError) -> Void = { _ in }
  ) throws(CacheError) -> (lease: EnvironmentLease, opening: CacheOpening) {
    var path = path
    while path.count > 1, path.last == "/" { path.removeLast() }
    let parent = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    if !parent.isEmpty { try FileSystem.makeDirectory(parent) }
    // Two processes that find a damaged cache at once must not set aside each other's new one.
    let lock = try lock(path + ".lock")
    defer { withExtendedLifetime(lock) {} }
    do throws(CacheError) {
      if discardsExisting, FileSystem.size(of: path) != nil {
        try EnvironmentRegistry.requireClosed(path: path)
        throw CacheError(
          reason: .damaged, operation: "open", path: path, detail: "it was to be discarded")
      }
      let (lease, opening) = try attempt(
        path: path, format: format, tables: tables, options: options)
      if lease.isFirst, !lease.isNew { try check(lease.environment) }
      return (lease, opening)
    } catch {
      guard error.reason == .damaged || error.reason == .otherFormat else { throw error }
      let setAside = setAsidePath(path)
      try FileSystem.setAside(path, to: setAside)
      // What is noted of the old one is not true of the new one.
      FileSystem.remove(UnsyncedMark(directory: path).path)
      FileSystem.remove(CheckedNote.path(directory: path))
      let (lease, _) = try attempt(path: path, format: format, tables: tables, options: options)
      return (lease, .rebuilt(reason: error, setAside: setAside))
    }
  }

  /// How long to wait for another process. Holders only open a cache, which takes milliseconds.
  private static let lockWaitMillisecondsMax = 10_000

  private static func lock(_ path: String) throws(CacheError) -> FileLock {
    let operation = "take the lock file"
    do throws(FileFailure) {
      let lock = try FileLock.take(
        path: path, permissions: 0o600, waitMillisecondsMax: lockWaitMillisecondsMax)
      if let lock { return lock }
    } catch {
      throw CacheError(system: error.code, operation: operation, path: path)
    }
    throw CacheError(system: EWOULDBLOCK, operation: operation, path: path)
  }

  private static func attempt(
    path: String, format: String, tables: [String], options: EnvironmentOptions
  ) throws(CacheError) -> (lease: EnvironmentLease, opening: CacheOpening) {
    try FileSystem.makeDirectory(path)
    let lease = try EnvironmentRegistry.lease(
      path: path, format: format, tables: tables, options: options)
    return (lease, lease.isNew ? .created : .existing)
  }
}
