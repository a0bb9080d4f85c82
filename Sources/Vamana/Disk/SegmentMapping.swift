#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// An image in a file, in memory as far as it is touched.
///
/// The file must not be shortened while it is mapped: touching a page past the new end ends the process.
final class SegmentMapping: @unchecked Sendable {
  // SAFETY: mapped for reading only, unmapped once, in deinit.
  let bytes: UnsafeRawBufferPointer

  /// - Throws: ``VamanaError/fileFailed(path:offset:problem:)``, ``VamanaError/invalidSegment(problem:)`` for an
  ///   empty file.
  init(path: String) throws(VamanaError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw Self.failure(path) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw Self.failure(path) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw .fileFailed(path: path, offset: 0, problem: "not a regular file")
    }
    let count = Int(status.st_size)
    guard count > 0 else { throw .invalidSegment(problem: "\(path) is empty") }
    let address = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0)
    guard let address, address != MAP_FAILED else { throw Self.failure(path) }
    bytes = UnsafeRawBufferPointer(start: address, count: count)
  }

  deinit { munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress!), bytes.count) }

  private static func failure(_ path: String) -> VamanaError {
    .fileFailed(path: path, offset: 0, problem: String(cString: strerror(errno)))
  }
}
