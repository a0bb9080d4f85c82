internal import VectorMath

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

extension FloatMatrix {
  /// The mean of the rows, or of 20,000 of them spread over all: that places a centre well enough.
  func mean() -> [Float] {
    var sums = [Double](repeating: 0, count: dimension)
    let step = max(1, count / 20_000)
    var taken = 0
    for index in stride(from: 0, to: count, by: step) {
      let row = row(index)
      sums.withUnsafeMutableBufferPointer { sums in
        for axis in 0..<dimension { sums[axis] += Double(row[axis]) }
      }
      taken += 1
    }
    return sums.map { Float($0 / Double(max(1, taken))) }
  }

  /// The squared length of each row.
  func squaredNorms() -> FloatBuffer {
    let norms = FloatBuffer(count: count)
    let kernels = DistanceKernels.best
    for index in 0..<count {
      let row = row(index)
      kernels.dotProducts(
        row, row, stride: 0, ids: nil, count: 1, dimension: dimension, into: norms.base + index)
    }
    return norms
  }

  /// A copy of the rows with `center` subtracted.
  func centred(on center: [Float]) -> FloatBuffer {
    let buffer = FloatBuffer(count: count * dimension)
    for index in 0..<count {
      let row = row(index)
      let out = buffer.base + index * dimension
      for axis in 0..<dimension { out[axis] = row[axis] - center[axis] }
    }
    return buffer
  }
}

/// Floats in memory of their own, freed with the object.
final class FloatBuffer: @unchecked Sendable {
  // SAFETY: whoever shares a buffer between threads gives each a part of its own to write.
  let base: UnsafeMutablePointer<Float>
  let count: Int

  init(count: Int) {
    self.count = count
    let byteCount = max(64, count * 4)
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: byteCount, alignment: HugePages.alignment(for: byteCount))
    HugePages.advise(memory, byteCount: byteCount)
    base = memory.bindMemory(to: Float.self, capacity: count)
  }

  deinit { base.deallocate() }
}
