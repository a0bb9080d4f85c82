internal import VectorMath

/// The means of groups, each rounded to what its byte code says: that is where a query's distance to it is
/// measured from.
struct GroupMeans {
  // SAFETY: `rows` and `sample` have room for their capacity; `assigned` is below `count`.
  let count: Int
  private let quantizer: ByteQuantizer
  private let sample: FilterRows
  /// The group of each row of the sample.
  private let assigned: [Int]
  /// The means, centred and rotated.
  private let rows: FilterRows

  private static let rowsAPiece = 256

  /// - Parameter sample: loaded rows.
  init(of sample: FilterRows, by centers: GroupCenters, segment: Segment) {
    count = centers.count
    quantizer = segment.quantizer
    self.sample = sample
    rows = FilterRows(segment: segment, capacity: max(1, centers.count))
    let dimension = segment.dimension
    let sums = rows.centred.base
    sums.update(repeating: 0, count: count * dimension)
    var sizes = [Float](repeating: 0, count: count)
    var assigned = [Int](repeating: 0, count: sample.capacity)
    for start in stride(from: 0, to: sample.capacity, by: Self.rowsAPiece) {
      centers.visitNearest(
        sample.rotated.base + start * sample.axisCount,
        count: min(Self.rowsAPiece, sample.capacity - start), stride: sample.axisCount
      ) { row, group, _ in
        assigned[start + row] = group
        sizes[group] += 1
        let values = sample.centred.base + (start + row) * dimension
        let sum = sums + group * dimension
        for axis in 0..<dimension { sum[axis] += values[axis] }
      }
    }
    self.assigned = assigned
    for group in 0..<count {
      let sum = sums + group * dimension
      for axis in 0..<dimension { sum[axis] /= max(1, sizes[group]) }
    }
    round()
    rows.rotate(count: count)
  }

  private func round() {
    let dimension = quantizer.dimension
    let center = quantizer.center
    let low = [Int8](repeating: 0, count: dimension)
    withUnsafeTemporaryAllocation(
      byteCount: ByteQuantizer.rowStride(dimension: dimension), alignment: 64
    ) { code in
      for group in 0..<count {
        write(group, to: code.baseAddress!)
        let mean = rows.centred.base + group * dimension
        quantizer.decode(code.baseAddress!, low: low, into: mean)
        for axis in 0..<dimension { mean[axis] -= center[axis] }
      }
    }
  }

  /// How the rows of the sample spread around their means.
  ///
  /// - Returns: the variance along each axis, and the mean square in all; 0 for what damaged rows bring beyond
  ///   what a number can hold.
  func spread() -> (variances: [Float], meanSquare: Float) {
    let axisCount = sample.axisCount
    let dimension = quantizer.dimension
    var squares = [Double](repeating: 0, count: axisCount)
    var total = 0.0
    for (row, group) in assigned.enumerated() {
      let values = sample.rotated.base + row * axisCount
      let mean = rows.rotated.base + group * axisCount
      for axis in 0..<axisCount {
        let difference = values[axis] - mean[axis]
        squares[axis] += Double(difference * difference)
      }
      var square: Float = 0
      DistanceKernels.best.squaredEuclideanDistances(
        sample.centred.base + row * dimension, self.row(group), stride: 0, ids: nil, count: 1,
        dimension: dimension, into: &square)
      total += Double(square)
    }
    let count = Double(max(1, assigned.count))
    func finite(_ sum: Double) -> Float {
      let mean = Float(sum / count)
      return mean.isFinite ? mean : 0
    }
    return (squares.map(finite), finite(total))
  }

  /// A mean, centred.
  func row(_ group: Int) -> UnsafePointer<Float> {
    UnsafePointer(rows.centred.base + group * quantizer.dimension)
  }

  /// Writes the byte code of a mean.
  func write(_ group: Int, to code: UnsafeMutableRawPointer) {
    let mean = row(group)
    let vector = quantizer.center.enumerated().map { $1 + mean[$0] }
    quantizer.encode(vector, into: code)
  }

  /// The means along `axes`, one after the other.
  func rotated(on axes: [Int]) -> FloatBuffer {
    let out = FloatBuffer(count: max(1, count * axes.count))
    for group in 0..<count {
      for (place, axis) in axes.enumerated() {
        out.base[group * axes.count + place] = rows.rotated.base[group * sample.axisCount + axis]
      }
    }
    return out
  }
}
