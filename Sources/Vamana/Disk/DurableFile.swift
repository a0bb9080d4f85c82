#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Files that are there whole and durable, or not at all.
enum DurableFile {
  /// How names of files end that were not finished.
  static let partialSuffix = ".partial"

  /// Writes `bytes` to a file `<path>.<number>.partial`, and gives it its name once they are durable.
  ///
  /// - Throws: ``VamanaError/fileFailed(path:offset:problem:)``; the file at `path` is as it was then.
  static func write(_ bytes: UnsafeRawBufferPointer, to path: String) throws(VamanaError) {
    let partial = path + ".\(UInt64.random(in: 0...UInt64.max))" + partialSuffix
    let descriptor = open(partial, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw failure(path, 0) }
    defer { close(descriptor) }
    do throws(VamanaError) {
      var done = 0
      while done < bytes.count {
        // SAFETY: the rest of the bytes, which live through the call.
        let count = pwrite(
          descriptor, bytes.baseAddress! + done, bytes.count - done, off_t(done))
        if count >= 0 {
          done += count
        } else if errno != EINTR {
          throw failure(path, done)
        }
      }
      guard fsync(descriptor) == 0, rename(partial, path) == 0 else { throw failure(path, done) }
      try flushFolder(of: path)
    } catch {
      unlink(partial)
      throw error
    }
  }

  /// A new name is durable once its folder is.
  private static func flushFolder(of path: String) throws(VamanaError) {
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(path, 0) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw failure(path, 0) }
  }

  private static func failure(_ path: String, _ offset: Int) -> VamanaError {
    .fileFailed(path: path, offset: offset, problem: String(cString: strerror(errno)))
  }
}
