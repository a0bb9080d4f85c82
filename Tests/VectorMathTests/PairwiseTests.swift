import Testing
import VectorMath

@Suite("Distances of many rows of bytes to many")
struct PairwiseTests {
  @Test("They are those of the rounded vectors", arguments: [1, 5, 12, 13, 33, 70])
  func exact(count: Int) {
    let kernels = DistanceKernels.best
    guard kernels.hasPairwise else { return }
    var generator = SeededGenerator(seed: UInt64(count))
    let columns = 52
    let room =
      (count + 31) / 32 * 32 + DistanceKernels.pairwiseRowCount
    var rows = [Int8](repeating: 0, count: room * columns)
    var scales = [Float](repeating: 0, count: room)
    var norms = scales
    var sums = [Int32](repeating: 0, count: room)
    for row in 0..<count {
      scales[row] = Float.random(in: 0.5...2, using: &generator)
      var square: Int32 = 0
      for column in 0..<columns {
        let code = Int8.random(in: -127...127, using: &generator)
        rows[row * columns + column] = code
        sums[row] += Int32(code)
        square += Int32(code) * Int32(code)
      }
      norms[row] = scales[row] * scales[row] * Float(square)
    }
    var packed = [UInt8](repeating: 0, count: room * columns)
    kernels.packPairwise(rows, count: count, columnCount: columns, into: &packed)
    let stride = (count + 31) / 32 * 32
    var out = [Float](repeating: -1, count: (count + 12) * stride)
    rows.withUnsafeBufferPointer { rows in
      let all = PairwiseRows(
        codes: rows.baseAddress!, packed: packed, scales: scales, norms: norms, sums: sums)
      kernels.pairwise(
        all, range: 0..<count, with: all, count: count, byteCount: columns, into: &out,
        stride: stride)
    }
    for a in 0..<count {
      for b in 0..<count {
        var expected: Double = 0
        for column in 0..<columns {
          let difference =
            Double(scales[a]) * Double(rows[a * columns + column])
            - Double(scales[b]) * Double(rows[b * columns + column])
          expected += difference * difference
        }
        #expect(abs(Double(out[a * stride + b]) - expected) <= 1e-5 * Double(norms[a] + norms[b]))
      }
    }
  }

  @Test("What is below a threshold is selected in order, on every instruction set")
  func select() {
    var generator = SeededGenerator(seed: 3)
    for count in [0, 1, 15, 16, 17, 100] {
      let values = (0..<count).map { _ in Float.random(in: 0...1, using: &generator) }
      let expected = values.indices.filter { values[$0] < 0.4 }
      for kernels in DistanceKernels.available {
        var places = [UInt32](repeating: 0, count: count + 1)
        var found = [Float](repeating: 0, count: count + 1)
        let kept = kernels.select(
          values, count: count, below: 0.4, places: &places, values: &found)
        #expect(places.prefix(kept).map(Int.init) == expected, "\(kernels.name)")
        #expect(Array(found.prefix(kept)) == expected.map { values[$0] }, "\(kernels.name)")
      }
    }
  }
}
