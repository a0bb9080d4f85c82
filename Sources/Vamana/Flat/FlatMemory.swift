#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Zeroed memory of one chunk.
final class FlatMemory {
  // SAFETY: `base` has room for `byteCount` bytes, freed with the object.
  let base: UnsafeMutableRawPointer
  let byteCount: Int

  private static let hugePageBytes = 2 << 20

  init(byteCount: Int) {
    self.byteCount = byteCount
    let isLarge = byteCount >= Self.hugePageBytes
    base = .allocate(byteCount: byteCount, alignment: isLarge ? Self.hugePageBytes : 64)
    // A scan reads all of it: with huge pages it seldom waits for a translation. Asked for before the
    // memory is touched.
    #if os(Linux)
      if isLarge { _ = madvise(base, byteCount, MADV_HUGEPAGE) }
    #endif
    base.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
  }

  deinit { base.deallocate() }
}
