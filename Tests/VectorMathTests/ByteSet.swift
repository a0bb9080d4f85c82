import VectorMath

/// Random rows of signed bytes in the forms that kernels over pairs want.
struct ByteSet {
  let count: Int
  let columnCount: Int
  let room: Int
  private var codes: [Int8]
  private var scales: [Float]
  private var norms: [Float]
  private var sums: [Int32]

  init(count: Int, columnCount: Int, seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    self.count = count
    self.columnCount = columnCount
    room = (count + 31) / 32 * 32 + DistanceKernels.pairwiseRowCount
    codes = [Int8](repeating: 0, count: room * columnCount)
    scales = [Float](repeating: 0, count: room)
    norms = scales
    sums = [Int32](repeating: 0, count: room)
    for row in 0..<count {
      scales[row] = Float.random(in: 0.5...2, using: &generator)
      var square: Int32 = 0
      for column in 0..<columnCount {
        let code = Int8.random(in: -60...60, using: &generator)
        codes[row * columnCount + column] = code
        sums[row] += Int32(code)
        square += Int32(code) * Int32(code)
      }
      norms[row] = scales[row] * scales[row] * Float(square)
    }
  }

  func withRows(_ body: (PairwiseRows) -> Void) {
    var packed = [UInt8](repeating: 0, count: room * columnCount)
    DistanceKernels.best.packPairwise(codes, count: count, columnCount: columnCount, into: &packed)
    codes.withUnsafeBufferPointer { codes in
      packed.withUnsafeBufferPointer { packed in
        scales.withUnsafeBufferPointer { scales in
          norms.withUnsafeBufferPointer { norms in
            sums.withUnsafeBufferPointer { sums in
              body(
                PairwiseRows(
                  codes: codes.baseAddress!, packed: packed.baseAddress!,
                  scales: scales.baseAddress!, norms: norms.baseAddress!,
                  sums: sums.baseAddress!))
            }
          }
        }
      }
    }
  }

  /// Every row with every row, by the kernel for many rows.
  func allDistances(_ kernels: DistanceKernels) -> [[Float]] {
    let stride = (count + 31) / 32 * 32
    // Two rows at least: one alone goes another way.
    var out = [Float](repeating: -1, count: max(2, count) * stride)
    withRows { rows in
      kernels.pairwise(
        rows, range: 0..<max(2, count), with: rows, count: count, byteCount: columnCount,
        into: &out, stride: stride)
    }
    return (0..<count).map { Array(out[$0 * stride..<$0 * stride + count]) }
  }
}
