/// Rows of floats in memory: what a build reads.
struct FloatMatrix: @unchecked Sendable {
  // SAFETY: the memory outlives the build that borrows it, and nobody writes to it meanwhile.
  let base: UnsafePointer<Float>
  let count: Int
  let dimension: Int

  @inline(__always)
  func row(_ index: Int) -> UnsafePointer<Float> { base + index * dimension }

  /// Copies the rows `ids` one after the other to `out`.
  func gather(_ ids: UnsafeBufferPointer<UInt32>, into out: UnsafeMutablePointer<Float>) {
    for (index, id) in ids.enumerated() {
      (out + index * dimension).update(from: row(Int(id)), count: dimension)
    }
  }
}

/// Floats in memory of their own, freed with the object.
final class FloatBuffer: @unchecked Sendable {
  // SAFETY: whoever shares a buffer between threads gives each a part of its own to write.
  let base: UnsafeMutablePointer<Float>
  let count: Int

  init(count: Int) {
    self.count = count
    base = UnsafeMutableRawPointer.allocate(byteCount: max(64, count * 4), alignment: 64)
      .bindMemory(to: Float.self, capacity: count)
  }

  deinit { base.deallocate() }
}
