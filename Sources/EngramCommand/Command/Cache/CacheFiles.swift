internal import Engram
internal import Foundation

/// The files of a cache, while no memory of it is open in this process.
struct CacheFiles {
  let home: Home

  /// Whether another process has one of them open: LMDB holds a lock on the first byte of its lock file.
  var areInUse: Bool {
    [home.recordCachePath, home.segmentCachePath].contains { folder in
      let descriptor = open(folder + "/lock.mdb", O_RDWR | O_CLOEXEC)
      guard descriptor >= 0 else { return false }
      defer { close(descriptor) }
      var lock = flock()
      lock.l_type = Int16(F_WRLCK)
      lock.l_whence = Int16(SEEK_SET)
      lock.l_len = 1
      // SAFETY: the call fills in the structure that it is made for.
      return fcntl(descriptor, F_GETLK, &lock) == 0 && lock.l_type != Int16(F_UNLCK)
    }
  }

  /// Deletes them, with all that was ever written to them. The next opening makes them anew.
  ///
  /// - Throws: ``CommandFailure`` for one that cannot be deleted.
  func delete() throws {
    let folders = [home.recordCachePath, home.segmentCachePath]
    // What was set aside because it was damaged has old bytes too.
    for path in folders + folders.map({ $0 + ".set-aside" }) + [home.wordIndexPath] {
      guard FileManager.default.fileExists(atPath: path) else { continue }
      do {
        try FileManager.default.removeItem(atPath: path)
      } catch {
        throw CommandFailure(
          "\(path) cannot be deleted: \(error.localizedDescription)", status: .inputOutput)
      }
    }
  }
}
