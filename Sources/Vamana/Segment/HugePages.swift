#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Large pages of memory, which the kernel gives only where it is asked to.
///
/// What reads much memory seldom waits for a translation then, and a large block costs one fault for
/// 2 MB instead of 512.
enum HugePages {
  static let byteCount = 2 << 20

  /// How a block of `size` bytes should be aligned.
  static func alignment(for size: Int) -> Int { size >= byteCount ? byteCount : 64 }

  /// Asks for large pages for a block that was not touched yet; small blocks are left alone.
  static func advise(_ memory: UnsafeMutableRawPointer, byteCount size: Int) {
    #if os(Linux)
      // SAFETY: advice changes no byte.
      if size >= byteCount { _ = madvise(memory, size, MADV_HUGEPAGE) }
    #endif
  }
}
