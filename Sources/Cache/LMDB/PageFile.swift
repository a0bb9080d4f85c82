import Glibc

/// The data file of an environment, read page by page without the map, so that a file shorter than
/// it says gives an error where the map would kill the process.
struct PageFile: ~Copyable {
  let path: String
  private let descriptor: Int32
  let byteCount: Int

  /// Nil when there is no file.
  init?(directory: String) throws(CacheError) {
    let descriptor = open(directory + "/data.mdb", O_RDONLY | O_CLOEXEC)
    if descriptor < 0 {
      if errno == ENOENT { return nil }
      throw CacheError(system: errno, operation: "open the data file", path: directory)
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let code = errno
      close(descriptor)
      throw CacheError(system: code, operation: "read the size of the data file", path: directory)
    }
    self.path = directory
    self.descriptor = descriptor
    self.byteCount = Int(status.st_size)
  }

  // LMDB locks its lock file only, so closing another descriptor of the data file drops no lock.
  deinit { close(descriptor) }

  /// Reads `count` bytes at `offset` into `buffer`.
  func read(_ count: Int, at offset: Int, into buffer: inout [UInt8]) throws(CacheError) {
    if buffer.count != count { buffer = [UInt8](repeating: 0, count: count) }
    var done = 0
    while done < count {
      // SAFETY: at most the rest of the buffer is written.
      let read = buffer.withUnsafeMutableBytes { bytes in
        pread(
          descriptor, bytes.baseAddress! + done, count - done, off_t(offset + done))
      }
      if read < 0, errno == EINTR { continue }
      guard read >= 0 else {
        throw CacheError(system: errno, operation: "read the data file", path: path)
      }
      guard read > 0 else { throw damage("it ends within the page at byte \(offset)") }
      done += read
    }
  }

  func damage(_ detail: String) -> CacheError {
    CacheError(
      reason: .damaged, operation: "check the data file", path: path, detail: detail)
  }
}
