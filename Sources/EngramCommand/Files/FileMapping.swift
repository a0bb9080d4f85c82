#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// A file's bytes in memory, read by the system as they are touched.
///
/// The file must not be shortened while it is mapped: touching a page past the new end ends the
/// process. Immutable and so safe to read from many threads.
final class FileMapping: @unchecked Sendable {
  /// Valid as long as this object lives.
  let bytes: UnsafeRawBufferPointer

  /// Maps all of `file`.
  init(_ file: borrowing InputFile) throws(FileError) {
    guard let count = file.byteCount else {
      throw FileError.notRegular(file.path)
    }
    guard count > 0 else {
      bytes = UnsafeRawBufferPointer(start: nil, count: 0)
      return
    }
    // SAFETY: a fresh read-only mapping of exactly `count` bytes, unmapped once, in deinit.
    let address = mmap(nil, count, PROT_READ, MAP_PRIVATE, file.descriptor, 0)
    guard let address, address != MAP_FAILED else { throw FileError.last(.map, path: file.path) }
    bytes = UnsafeRawBufferPointer(start: address, count: count)
    // Headers are checked and values scanned from front to back.
    madvise(address, count, MADV_SEQUENTIAL)
  }

  /// Tells the system that reads will jump about from now on.
  func adviseRandomAccess() {
    guard let address = bytes.baseAddress else { return }
    madvise(UnsafeMutableRawPointer(mutating: address), bytes.count, MADV_NORMAL)
  }

  deinit {
    if let address = bytes.baseAddress {
      munmap(UnsafeMutableRawPointer(mutating: address), bytes.count)
    }
  }
}
