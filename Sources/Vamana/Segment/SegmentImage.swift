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

  init(byteCount: Int) {
    // Fresh pages from the system are zero, and cost nothing until they are written.
    let address = mmap(
      nil, max(1, byteCount), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let address, address != MAP_FAILED else {
      preconditionFailure("no memory for an index of \(byteCount) bytes")
    }
    mutableBytes = UnsafeMutableRawBufferPointer(start: address, count: byteCount)
    // A walk jumps about the image: it must seldom miss the table of translations.
    HugePages.advise(address, byteCount: byteCount)
  }

  /// Copies bytes that were stored before; they are checked when a ``Segment`` opens them.
  public convenience init(copying bytes: UnsafeRawBufferPointer) {
    self.init(byteCount: bytes.count)
    mutableBytes.copyMemory(from: bytes)
  }

  deinit { munmap(mutableBytes.baseAddress, max(1, mutableBytes.count)) }
}
