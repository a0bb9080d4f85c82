/// Memory that grows when asked and is freed with its owner; its content does not survive growth.
final class ScratchBlock<Element: BitwiseCopyable> {
  // SAFETY: `base` has room for `capacity` elements, on a cache line.
  private(set) var base: UnsafeMutablePointer<Element>
  private(set) var capacity: Int

  init() {
    capacity = 16
    base = Self.allocate(16)
  }

  deinit { base.deallocate() }

  func reserve(_ count: Int) {
    guard count > capacity else { return }
    base.deallocate()
    base = Self.allocate(count)
    capacity = count
  }

  private static func allocate(_ count: Int) -> UnsafeMutablePointer<Element> {
    UnsafeMutableRawPointer.allocate(
      byteCount: count * MemoryLayout<Element>.stride, alignment: 64
    ).bindMemory(to: Element.self, capacity: count)
  }
}
