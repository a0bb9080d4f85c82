import Glibc

/// A file beside an environment that says that commits may not be on the disk yet.
///
/// Commits of an environment that does not wait for the disk are in the system's memory at once, so they
/// outlive the process however it ends. If the system itself ends first, some of the pages may be on the
/// disk and others not. So before the first such commit the mark is put on the disk, with the name of the
/// system's start; it is taken away once everything was flushed. An environment whose mark names another
/// start is not to be trusted.
///
/// The mark is made and taken away inside write transactions, of which there is one at a time over all
/// processes.
struct UnsyncedMark: Sendable {
  let path: String
  private let directory: String

  init(directory: String) {
    self.directory = directory
    path = directory + ".unsynced"
  }

  /// Whether the system stopped before commits were on the disk.
  var tellsOfLoss: Bool {
    // Another process may take the mark away, or make it anew, at any moment.
    for _ in 0..<3 {
      if let text = FileSystem.text(of: path, bytesMax: 256) { return text != FileSystem.bootID }
      guard exists else { return false }
    }
    return true
  }

  var exists: Bool { access(path, F_OK) == 0 }

  /// Sees to it that the mark is on the disk.
  ///
  /// - Throws: ``CacheError`` where it cannot be made.
  /// - Complexity: a microsecond where it is there, two flushes where it is not.
  func require() throws(CacheError) {
    if exists { return }
    guard let boot = FileSystem.bootID,
      FileSystem.replace(path, by: boot, waitingForDisk: true)
    else {
      throw CacheError(
        reason: CacheError.isAlmostFull(directory) ? .diskFull : .system,
        operation: "mark the cache as not flushed", path: path,
        detail: "the file cannot be written")
    }
  }

  /// Says that what was committed is lost, whichever start it was.
  func tellOfLoss() { FileSystem.replace(path, by: "lost", waitingForDisk: true) }

  func remove() { unlink(path) }
}
