import Glibc

/// What a file is like: when it and what the system keeps of it were last changed, its length, device and
/// number, and which start of the system it was. The same text later says that nobody wrote meanwhile.
enum SettledFileMark {
  /// - Returns: nil where the system does not say what is needed, and for a file that was changed so
  ///   recently that a change now would not show.
  static func of(_ path: String) -> String? {
    var status = stat()
    guard stat(path, &status) == 0, isSettled(status.st_mtim), isSettled(status.st_ctim),
      let boot = FileSystem.bootID
    else { return nil }
    return
      "\(boot) \(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec) "
      + "\(status.st_ctim.tv_sec).\(status.st_ctim.tv_nsec) "
      + "\(status.st_size) \(status.st_dev) \(status.st_ino)"
  }

  /// Whether a write now would show: the clock of files moves in steps of some milliseconds.
  private static func isSettled(_ time: timespec) -> Bool {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    let age = Double(now.tv_sec - time.tv_sec) + Double(now.tv_nsec - time.tv_nsec) / 1e9
    return age > settledSeconds
  }

  private static let settledSeconds = 0.1
}
