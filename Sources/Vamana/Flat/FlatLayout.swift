/// Divides a block of memory into parts that begin on cache lines.
///
/// Without memory it only adds up how much is needed.
struct FlatLayout {
  // SAFETY: the same parts are taken twice: first to learn the size, then from memory of that size.
  private let base: UnsafeMutableRawPointer?
  private(set) var byteCount = 0

  init(base: UnsafeMutableRawPointer?) { self.base = base }

  /// The next part: room for `count` elements. Without memory the pointer must not be used.
  mutating func take<Element: BitwiseCopyable>(_ count: Int) -> UnsafeMutablePointer<Element> {
    let start = byteCount
    byteCount += (count * MemoryLayout<Element>.stride + 63) / 64 * 64
    let address = base ?? UnsafeMutableRawPointer(bitPattern: 64)!
    return (address + start).bindMemory(to: Element.self, capacity: count)
  }
}
