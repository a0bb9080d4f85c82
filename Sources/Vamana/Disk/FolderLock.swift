#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Keeps others from a folder: until the object goes, or its process ends however it does.
final class FolderLock: Sendable {
  private let descriptor: Int32

  /// - Parameter path: of the file that is locked; it is made if it is not there, and stays.
  /// - Throws: ``VamanaError/fileFailed(path:offset:problem:)``, also where another holds the lock.
  init(path: String) throws(VamanaError) {
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw .fileFailed(path: path, offset: 0, problem: String(cString: strerror(errno)))
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let problem =
        errno == EWOULDBLOCK
        ? "another index, of this process or another, has the folder open"
        : String(cString: strerror(errno))
      close(descriptor)
      throw .fileFailed(path: path, offset: 0, problem: problem)
    }
  }

  deinit { close(descriptor) }
}
