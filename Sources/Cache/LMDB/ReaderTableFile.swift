import Glibc

/// The file in which LMDB keeps its table of readers and its locks.
///
/// LMDB makes it without giving it room on the disk, and writes to it through a map: on a full disk the system ends
/// the process at the first of these writes. So the room is taken before, where it can be refused.
enum ReaderTableFile {
  /// LMDB's `MDB_reader`, a line of the processor's cache.
  private static let readerBytes = 64
  /// LMDB's `MDB_txninfo`: what is before the first reader, and that one.
  private static let headBytes = 192

  /// Makes the file if it is missing, as long as LMDB makes it, and takes room for what of it has none.
  ///
  /// No environment may be open in the directory by this process: closing a file lets go of all of the process's locks
  /// on it.
  ///
  /// - Throws: ``CacheError`` with reason `diskFull` where there is none.
  static func allocate(in directory: String, readersMax: Int) throws(CacheError) {
    let path = directory + "/lock.mdb"
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    // What else is wrong with it LMDB says when it opens it.
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return }
    let byteCount = max(Int(status.st_size), headBytes + (readersMax - 1) * readerBytes)
    // Where all is there already, nothing is written to what other processes may have open.
    guard Int(status.st_blocks) * 512 < byteCount else { return }
    let code = posix_fallocate(descriptor, 0, off_t(byteCount))
    // Not every file system can take room, and then nothing is worse than without.
    if code == ENOSPC || code == EDQUOT {
      throw CacheError(
        system: code, operation: "make room for the table of readers", path: directory)
    }
  }
}
