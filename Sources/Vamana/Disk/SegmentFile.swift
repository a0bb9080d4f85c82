#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// An open file of an image, read at any place by any thread.
final class SegmentFile: Sendable {
  let path: String
  let byteCount: Int
  private let descriptor: Int32

  /// - Throws: ``VamanaError/fileFailed(path:offset:problem:)``.
  init(path: String) throws(VamanaError) {
    self.path = path
    // Not to wait for a writer, should it be a pipe.
    descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw Self.failure(errno, path: path, offset: 0) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw .fileFailed(path: path, offset: 0, problem: "not a regular file")
    }
    byteCount = Int(status.st_size)
    #if os(Linux)
      // A walk jumps about: what the kernel would read beyond a record is of no use.
      posix_fadvise(descriptor, 0, 0, POSIX_FADV_RANDOM)
    #endif
  }

  deinit { close(descriptor) }

  /// Fills `buffer` with the bytes from `offset` on.
  ///
  /// - Throws: ``VamanaError/fileFailed(path:offset:problem:)``, also where the file ends before the
  ///   buffer does.
  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(VamanaError) {
    var done = 0
    while done < buffer.count {
      // SAFETY: the rest of the buffer, which the caller vouches for.
      let count = pread(
        descriptor, buffer.baseAddress! + done, buffer.count - done, off_t(offset + done))
      if count > 0 {
        done += count
      } else if count == 0 {
        throw .fileFailed(
          path: path, offset: offset + done,
          problem: "the file ends \(buffer.count - done) bytes too early: truncated")
      } else if errno != EINTR {
        throw Self.failure(errno, path: path, offset: offset + done)
      }
    }
  }

  /// Asks the system to start reading, and does not wait. Does nothing where there is no such call.
  func readAhead(_ byteCount: Int, at offset: Int) {
    #if os(Linux)
      posix_fadvise(descriptor, off_t(offset), off_t(byteCount), POSIX_FADV_WILLNEED)
    #endif
  }

  /// A clock that only goes forward, in nanoseconds.
  static var nanoseconds: UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
  }

  private static func failure(_ code: Int32, path: String, offset: Int) -> VamanaError {
    .fileFailed(path: path, offset: offset, problem: String(cString: strerror(code)))
  }
}
