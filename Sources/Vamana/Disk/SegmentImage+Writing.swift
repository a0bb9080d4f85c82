#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

extension SegmentImage {
  /// Writes the image to a file, which appears under its name when it is complete and durable.
  ///
  /// - Parameter path: a file that is there is replaced. The bytes go to a file `<path>.<number>.partial` first.
  /// - Throws: ``VamanaError/fileFailed(path:offset:problem:)``; the file at `path` is as it was then.
  public func write(toFile path: String) throws(VamanaError) {
    let partial = path + ".\(UInt64.random(in: 0...UInt64.max)).partial"
    let descriptor = open(partial, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw Self.failure(path, 0) }
    defer { close(descriptor) }
    do throws(VamanaError) {
      var done = 0
      while done < bytes.count {
        // SAFETY: the rest of the image, which lives through the call.
        let count = pwrite(
          descriptor, bytes.baseAddress! + done, bytes.count - done, off_t(done))
        if count >= 0 {
          done += count
        } else if errno != EINTR {
          throw Self.failure(path, done)
        }
      }
      guard fsync(descriptor) == 0, rename(partial, path) == 0 else {
        throw Self.failure(path, done)
      }
      try Self.flushDirectory(of: path)
    } catch {
      unlink(partial)
      throw error
    }
  }

  /// A new name is durable once its directory is.
  private static func flushDirectory(of path: String) throws(VamanaError) {
    let directory = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(path, 0) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw failure(path, 0) }
  }

  private static func failure(_ path: String, _ offset: Int) -> VamanaError {
    .fileFailed(path: path, offset: offset, problem: String(cString: strerror(errno)))
  }
}
