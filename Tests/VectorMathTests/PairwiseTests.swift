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
    // SAFETY: every pointer is used inside the closure that lends it.
    rows.withUnsafeBufferPointer { rows in
      packed.withUnsafeBufferPointer { packed in
        scales.withUnsafeBufferPointer { scales in
          norms.withUnsafeBufferPointer { norms in
            sums.withUnsafeBufferPointer { sums in
              let all = PairwiseRows(
                codes: rows.baseAddress!, packed: packed.baseAddress!,
                scales: scales.baseAddress!, norms: norms.baseAddress!, sums: sums.baseAddress!)
              kernels.pairwise(
                all, range: 0..<count, with: all, count: count, byteCount: columns, into: &out,
                stride: stride)
            }
          }
        }
      }
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

  @Test(
    "A join finds every near pair once, for both of its rows", arguments: [2, 13, 33, 100, 300])
  func join(count: Int) {
    let kernels = DistanceKernels.best
    guard kernels.hasPairwise else { return }
    let set = ByteSet(count: count, columnCount: 36, seed: UInt64(count))
    let distances = set.allDistances(kernels)
    let stride = 2 * count + 8
    var limits = (0..<set.room).map { row in Float(row % 3) * 20_000 }
    var keys = [UInt64](repeating: 0, count: count * stride)
    var counts = [UInt32](repeating: 0, count: set.room)
    let rowsAtOnce = 4 * DistanceKernels.pairwiseRowCount
    set.withRows { rows in
      limits.withUnsafeMutableBufferPointer { limits in
        keys.withUnsafeMutableBufferPointer { keys in
          counts.withUnsafeMutableBufferPointer { counts in
            let lists = NearLists(
              limits: limits.baseAddress!, keys: keys.baseAddress!, stride: stride,
              counts: counts.baseAddress!)
            for start in Swift.stride(from: 0, to: count, by: rowsAtOnce) {
              let end = min(count, start + rowsAtOnce)
              for column in Swift.stride(from: 0, to: end, by: 64) {
                kernels.join(
                  rows, byteCount: 36, rowRange: start..<end,
                  columnRange: column..<min(end, column + 64), into: lists)
              }
            }
          }
        }
      }
    }
    for row in 0..<count {
      let expected = (0..<count).filter { $0 != row && distances[row][$0] < limits[row] }
      let found = keys[row * stride..<row * stride + Int(counts[row])]
      #expect(found.map { Int(UInt32(truncatingIfNeeded: $0)) }.sorted() == expected, "row \(row)")
      for key in found {
        let distance = Float(bitPattern: UInt32(truncatingIfNeeded: key >> 32))
        #expect(distance == distances[row][Int(UInt32(truncatingIfNeeded: key))])
      }
    }
  }

  @Test("One row at a time gives the same bits as many", arguments: [1, 32, 33, 96, 97, 200])
  func oneRow(count: Int) {
    let kernels = DistanceKernels.best
    guard kernels.hasPairwise else { return }
    let set = ByteSet(count: count, columnCount: 20, seed: UInt64(count))
    let expected = set.allDistances(kernels)
    set.withRows { rows in
      var line = [Float](repeating: -1, count: (count + 31) / 32 * 32)
      for row in [0, count / 2, count - 1] {
        kernels.pairwise(
          rows, range: row..<row + 1, with: rows, count: count, byteCount: 20, into: &line,
          stride: line.count)
        #expect(Array(line.prefix(count)) == expected[row])
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
