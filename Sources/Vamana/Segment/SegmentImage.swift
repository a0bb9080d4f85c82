#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// The bytes of one segment in memory of their own, ready to be stored or searched.
public final class SegmentImage: @unchecked Sendable {
  // SAFETY: written by the builder before anyone else sees the object, then only read.
  let mutableBytes: UnsafeMutableRawBufferPointer

  /// The image; valid as long as this object lives.
  public var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(mutableBytes) }

  private static let hugePage = 2 << 20

  init(byteCount: Int) {
    // A walk jumps about the image: with huge pages it seldom misses the table of translations. The
    // kernel gives them only where it is asked to.
    let isLarge = byteCount >= Self.hugePage
    mutableBytes = .allocate(
      byteCount: byteCount, alignment: isLarge ? Self.hugePage : 4096)
    #if os(Linux)
      if isLarge { _ = madvise(mutableBytes.baseAddress, byteCount, MADV_HUGEPAGE) }
    #endif
    mutableBytes.initializeMemory(as: UInt8.self, repeating: 0)
  }

  /// Copies bytes that were stored before; they are checked when a ``Segment`` opens them.
  public convenience init(copying bytes: UnsafeRawBufferPointer) {
    self.init(byteCount: bytes.count)
    mutableBytes.copyMemory(from: bytes)
  }

  deinit { mutableBytes.deallocate() }
}
