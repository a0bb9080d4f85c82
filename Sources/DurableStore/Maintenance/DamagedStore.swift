internal import Foundation
internal import Platform

/// A file in the place of a store that is none to go on with: damaged, of another program, or newer.
///
/// A restore sets it aside, with its log and journal, and never deletes it.
struct DamagedStore: Sendable {
  var path: String

  /// Whether a restore sets aside the file that an opening refused with `error`.
  static func isReason(_ error: DurableStoreError) -> Bool {
    switch error {
    case .notADatabase, .foreignDatabase, .newerSchema: true
    case .database(let error): isReason(error)
    default: false
    }
  }

  static func isReason(_ error: SQLError) -> Bool {
    error.kind == .corrupt || error.kind == .notADatabase
  }

  /// Whether a file is missing, empty, or begins as an SQLite database does. One that cannot be read may be one.
  static func mayBeDatabase(_ path: String) -> Bool {
    guard let file = FileHandle(forReadingAtPath: path) else { return true }
    defer { try? file.close() }
    guard let start = try? file.read(upToCount: 16), !start.isEmpty else { return true }
    return start == Data("SQLite format 3\0".utf8)
  }

  /// Puts a sound store in the place of the file, which stays as `<path>.damaged-<time>`.
  ///
  /// The log and journal get their new names first: beside the new store they would be taken for its own.
  /// The file then has both names until the new one takes the old name, so that a crash leaves a file under it,
  /// where the file system has hard links.
  ///
  /// - Parameter copy: a store without log or journal, in the same folder.
  /// - Returns: where the file is now.
  /// - Throws: ``DurableStoreError``; the files have their old names then.
  func replace(by copy: String) throws(DurableStoreError) -> String {
    if try isOpen() { throw .inUse(path: path) }
    let aside = freeName()
    var moved: [String] = []
    do throws(DurableStoreError) {
      for suffix in SQLiteFile.companionSuffixes where Self.isThere(path + suffix) {
        try require(rename(path + suffix, aside + suffix) == 0)
        moved.append(suffix)
      }
      if link(path, aside) != 0 { try require(rename(path, aside) == 0) }
      do {
        try DurableFile.publish(copy, as: path)
      } catch {
        throw .cannotOpen(path: path, problem: "\(error)")
      }
    } catch {
      putBack(aside, companions: moved, copy: copy)
      throw error
    }
    return aside
  }

  /// Undoes what was done, unless the copy has the store's name already.
  private func putBack(_ aside: String, companions: [String], copy: String) {
    guard Self.isThere(copy) else { return }
    // Of two names of one file, rename removes neither.
    if Self.isThere(path) { unlink(aside) } else { rename(aside, path) }
    for suffix in companions { rename(aside + suffix, path + suffix) }
  }

  private func require(_ isDone: Bool) throws(DurableStoreError) {
    guard !isDone else { return }
    throw .cannotOpen(
      path: path, problem: "it cannot be set aside: \(String(cString: strerror(errno)))")
  }

  private func freeName() -> String {
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.timeZone = TimeZone(secondsFromGMT: 0)
    formatter.dateFormat = "yyyyMMdd'T'HHmmss'Z'"
    let name = path + ".damaged-" + formatter.string(from: Date())
    var free = name
    var number = 2
    while ([""] + SQLiteFile.companionSuffixes).contains(where: { Self.isThere(free + $0) }) {
      free = "\(name)-\(number)"
      number += 1
    }
    return free
  }

  private static func isThere(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0
  }

  // MARK: - Locks

  /// Whether a process has the file open with SQLite, this one included: such a connection holds locks on the
  /// file or on the shared memory of its log. SQLite itself cannot be asked, as it reads the file first.
  private func isOpen() throws(DurableStoreError) -> Bool {
    for name in [path, path + "-shm"] where Self.isThere(name) {
      let descriptor = open(name, O_RDWR | O_NOFOLLOW | O_CLOEXEC)
      guard descriptor >= 0 else {
        throw .cannotOpen(path: name, problem: String(cString: strerror(errno)))
      }
      var lock = flock()
      lock.l_type = Int16(F_WRLCK)
      lock.l_whence = Int16(SEEK_SET)
      let isLocked =
        fcntl(descriptor, Self.getLockCommand, &lock) == 0 && lock.l_type != Int16(F_UNLCK)
      // To close a file drops all locks that this process has on it: then it stays open.
      if isLocked, lock.l_pid == getpid() { return true }
      _ = Foundation.close(descriptor)
      if isLocked { return true }
    }
    return false
  }

  /// `F_OFD_GETLK`, a macro that Swift does not see everywhere. It also tells of locks of this process.
  #if os(Linux)
    private static let getLockCommand: CInt = 36
  #else
    private static let getLockCommand: CInt = 92
  #endif
}
