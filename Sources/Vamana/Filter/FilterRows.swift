internal import VectorMath

/// Vectors of a segment, centred and rotated to the axes of its codes, a piece at a time.
struct FilterRows {
  // SAFETY: `rows` has room for `capacity` vectors, `rotated` for as many along the axes.
  private let segment: Segment
  private let capacity: Int
  private let axes: [Float]
  private let axisCount: Int
  private let rows: FloatBuffer
  private let rotated: FloatBuffer

  init(segment: Segment, capacity: Int) {
    self.segment = segment
    self.capacity = capacity
    axes = segment.edgeQuantizer.rotation.floatRows()
    axisCount = segment.edgeQuantizer.shape.axisCount
    rows = FloatBuffer(count: capacity * segment.dimension)
    rotated = FloatBuffer(count: capacity * axisCount)
  }

  /// Where some vectors lie.
  struct Spread {
    /// Of the centred vectors.
    var mean: [Float]
    var rotatedMean: [Float]
    /// Around the mean, along each axis.
    var variances: [Float]
    /// The mean squared distance from the mean.
    var unitA: Float
  }

  /// Reads and rotates the vectors of at most `capacity` nodes.
  private func load(_ nodes: UnsafePointer<UInt32>, count: Int) {
    let dimension = segment.dimension
    let center = segment.quantizer.center
    for index in 0..<count {
      let row = rows.base + index * dimension
      segment.copyVector(of: Int(nodes[index]), into: row)
      for axis in 0..<dimension { row[axis] -= center[axis] }
    }
    BLAS.multiplyTransposed(
      rows.base, axes, into: rotated.base, m: count, n: axisCount, k: dimension)
  }

  /// - Complexity: `sampleCountMax · axes · dimension` multiply-adds.
  func spread(of nodes: UnsafePointer<UInt32>, count: Int, sampleCountMax: Int) -> Spread {
    let dimension = segment.dimension
    let step = max(1, count / sampleCountMax)
    let sampled = stride(from: 0, to: count, by: step).map { nodes[$0] }
    var sums = [Double](repeating: 0, count: dimension)
    var rotatedSums = [Double](repeating: 0, count: axisCount)
    var squares = [Double](repeating: 0, count: axisCount)
    var square = 0.0
    for start in stride(from: 0, to: sampled.count, by: capacity) {
      let height = min(capacity, sampled.count - start)
      sampled.withUnsafeBufferPointer { load($0.baseAddress! + start, count: height) }
      for index in 0..<height {
        let row = rows.base + index * dimension
        for axis in 0..<dimension {
          sums[axis] += Double(row[axis])
          square += Double(row[axis]) * Double(row[axis])
        }
        let line = rotated.base + index * axisCount
        for axis in 0..<axisCount {
          rotatedSums[axis] += Double(line[axis])
          squares[axis] += Double(line[axis]) * Double(line[axis])
        }
      }
    }
    let total = Double(max(1, sampled.count))
    let mean = sums.map { $0 / total }
    let rotatedMean = rotatedSums.map { $0 / total }
    let unitA = square / total - mean.reduce(0) { $0 + $1 * $1 }
    return Spread(
      mean: mean.map(Float.init), rotatedMean: rotatedMean.map(Float.init),
      variances: zip(squares, rotatedMean).map { Float(max(0, $0 / total - $1 * $1)) },
      unitA: unitA > 0 ? Float(unitA) : 1)
  }

  /// The edges from the mean of `spread` to at most `capacity` nodes; valid until the next call.
  func edges(
    to nodes: UnsafePointer<UInt32>, count: Int, from spread: Spread
  ) -> [EdgeQuantizer.Edge] {
    let dimension = segment.dimension
    let euclidean = segment.metric == .squaredEuclidean
    load(nodes, count: count)
    let source = zip(spread.mean, segment.quantizer.center).map { $0 + $1 }
    return (0..<count).map { index in
      let row = rows.base + index * dimension
      var length: Float = 0
      var product: Float = 0
      for axis in 0..<dimension {
        let difference = row[axis] - spread.mean[axis]
        length += difference * difference
        product += difference * source[axis]
      }
      return EdgeQuantizer.Edge(
        target: rotated.base + index * axisCount, squaredLength: length,
        change: euclidean ? length : -product)
    }
  }
}
