/// Zeroed memory of one chunk.
final class FlatMemory {
  // SAFETY: `base` has room for `byteCount` bytes, freed with the object.
  let base: UnsafeMutableRawPointer
  let byteCount: Int

  init(byteCount: Int) {
    self.byteCount = byteCount
    base = .allocate(byteCount: byteCount, alignment: HugePages.alignment(for: byteCount))
    HugePages.advise(base, byteCount: byteCount)
    base.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
  }

  deinit { base.deallocate() }
}
