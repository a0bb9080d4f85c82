internal import Glibc
internal import Platform

/// What the files of a local store are like: another after every write, by whichever process.
///
/// Costs two `stat` calls and opens nothing: closing a descriptor of a database file would drop the locks
/// that SQLite holds on it in this process.
struct StoreStamp: Hashable, Sendable {
  /// A file without a byte, which is no store yet, or what a full disk has left of one.
  let isEmpty: Bool
  /// The database file itself; another number when the file was replaced.
  var file: FileIdentity
  /// The write-ahead log, to which every write goes; nil where there is none.
  private var log: LogState?

  private struct LogState: Hashable {
    var file: FileIdentity
    var byteCount: Int64
    var seconds: Int64
    var nanoseconds: Int64
  }

  /// Nil when the database file is not there, or cannot be looked at.
  init?(path: String) {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    file = FileIdentity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
    isEmpty = status.st_size == 0
    guard stat(path + "-wal", &status) == 0 else { return }
    log = LogState(
      file: FileIdentity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino)),
      byteCount: Int64(status.st_size), seconds: Int64(status.st_mtim.tv_sec),
      nanoseconds: Int64(status.st_mtim.tv_nsec))
  }

  /// Whether a write from now on would show. The clock of files moves in steps of some milliseconds:
  /// two writes within one leave the same time, and a log that is written again from its start the same
  /// size.
  var isSettled: Bool {
    guard let log else { return true }
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    let age =
      Double(Int64(now.tv_sec) - log.seconds) + Double(Int64(now.tv_nsec) - log.nanoseconds) / 1e9
    return age > Self.settledSeconds
  }

  /// Two steps of the clock, and never less than the 10 ms step of the slowest.
  private static let settledSeconds: Double = {
    var step = timespec()
    clock_getres(CLOCK_REALTIME_COARSE, &step)
    return max(0.01, 2 * (Double(step.tv_sec) + Double(step.tv_nsec) / 1e9)) + 0.002
  }()
}
