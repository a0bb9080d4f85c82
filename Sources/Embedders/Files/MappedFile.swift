#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// A file mapped into memory, read-only, for as long as this object lives.
///
/// The file must not be made shorter in that time: the pages beyond its new end would be gone.
final class MappedFile: Sendable {
  let path: String
  // SAFETY: nothing writes to the map, and it is there until this object goes.
  nonisolated(unsafe) let bytes: UnsafeRawBufferPointer

  /// - Throws: ``ModelFileError`` if the file cannot be opened or mapped, or is empty.
  init(path: String) throws(ModelFileError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Self.error(path, "cannot be opened") }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw Self.error(path, "cannot be read") }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw ModelFileError(path: path, problem: "is not a regular file")
    }
    let count = Int(status.st_size)
    guard count > 0 else { throw ModelFileError(path: path, problem: "is empty") }
    let address = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0)
    guard let address, address != MAP_FAILED else { throw Self.error(path, "cannot be mapped") }
    self.path = path
    bytes = UnsafeRawBufferPointer(start: address, count: count)
  }

  deinit {
    munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count)
  }

  private static func error(_ path: String, _ what: String) -> ModelFileError {
    ModelFileError(path: path, problem: "\(what): \(String(cString: strerror(errno)))")
  }
}
