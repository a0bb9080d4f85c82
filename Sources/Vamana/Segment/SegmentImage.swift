/// The bytes of one segment in memory of their own, ready to be stored.
public final class SegmentImage: @unchecked Sendable {
  // SAFETY: written by the builder before anyone else sees the object, then only read.
  let mutableBytes: UnsafeMutableRawBufferPointer

  /// The image; valid as long as this object lives.
  public var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(mutableBytes) }

  init(byteCount: Int) {
    mutableBytes = .allocate(byteCount: byteCount, alignment: 4096)
    mutableBytes.initializeMemory(as: UInt8.self, repeating: 0)
  }

  /// Copies bytes that were stored before; they are checked when a ``Segment`` opens them.
  public convenience init(copying bytes: UnsafeRawBufferPointer) {
    self.init(byteCount: bytes.count)
    mutableBytes.copyMemory(from: bytes)
  }

  deinit { mutableBytes.deallocate() }
}
