internal import Foundation

/// Keeps a folder for one restore at a time. Ends with the process, also when that is killed.
///
/// A file system that has no such locks, as some on a network, does not keep others out.
struct FolderLock: ~Copyable {
  private let folder: CInt

  /// - Returns: nil when another has it, of this process or another, or the folder cannot be opened.
  init?(folderOf path: String) {
    let folder = open(
      URL(fileURLWithPath: path).deletingLastPathComponent().path,
      O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { return nil }
    guard flock(folder, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK else {
      close(folder)
      return nil
    }
    self.folder = folder
  }

  deinit { close(folder) }
}
