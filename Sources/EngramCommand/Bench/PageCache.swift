#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// The system's page cache, as far as a benchmark has to do with it.
enum PageCache {
  /// Whether ``drop(_:)`` has an effect on this system.
  static var canDrop: Bool {
    #if os(Linux)
      true
    #else
      false
    #endif
  }

  /// Drops what the page cache holds of a file; the next reads come from the disk.
  static func drop(_ file: borrowing InputFile) throws(FileError) {
    #if os(Linux)
      let code = posix_fadvise(file.descriptor, 0, 0, POSIX_FADV_DONTNEED)
      guard code == 0 else { throw FileError(.read, path: file.path, code: code) }
    #endif
  }
}
