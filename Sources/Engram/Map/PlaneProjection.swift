internal import VectorMath

/// Vectors on the plane in which they vary most.
struct PlaneProjection {
  private(set) var x: [Double] = []
  private(set) var y: [Double] = []
  /// The shares of the variance along both directions.
  private(set) var explainedVariance = [0.0, 0.0]

  /// - Parameters:
  ///   - rows: vectors of `dimension` floats, one after the other.
  ///   - isCancelled: asked now and then.
  /// - Throws: `CancellationError` once it is.
  /// - Complexity: count · dimension² multiply-adds, and O(dimension³).
  init(
    _ rows: [Float], dimension: Int, isCancelled: @Sendable () -> Bool = { false }
  ) throws(CancellationError) {
    let count = dimension > 0 ? rows.count / dimension : 0
    guard count > 0 else { return }
    var center = [Float](repeating: 0, count: dimension)
    for row in 0..<count {
      for axis in 0..<dimension { center[axis] += rows[row * dimension + axis] / Float(count) }
    }
    let axes = rows.withUnsafeBufferPointer { rows in
      // SAFETY: `count` rows of `dimension` floats lie in the buffer, which is not empty.
      PrincipalAxes(
        of: rows.baseAddress!, count: count, dimension: dimension, center: center,
        workers: Workers(threadCount: 1), isCancelled: isCancelled
      )?.axes
    }
    guard let axes, !isCancelled() else { throw CancellationError() }
    x = Self.along(axes[0..<dimension], rows, center)
    y = dimension > 1 ? Self.along(axes[dimension..<2 * dimension], rows, center) : x.map { _ in 0 }
    var total = 0.0
    for (index, value) in rows.enumerated() {
      let deviation = Double(value - center[index % dimension])
      total += deviation * deviation
    }
    if total > 0 {
      explainedVariance = [x, y].map { $0.reduce(0) { $0 + $1 * $1 } / total }
    }
    let reach = max(x.map(abs).max() ?? 0, y.map(abs).max() ?? 0)
    if reach > 0 {
      x = x.map { $0 / reach }
      y = y.map { $0 / reach }
    }
  }

  /// How far each row lies along a direction. Which of its two ends is meant is chosen by its largest component, so
  /// that a map is not turned round the next time.
  private static func along(
    _ axis: ArraySlice<Float>, _ rows: [Float], _ center: [Float]
  ) -> [Double] {
    let axis = Array(axis)
    let largest = axis.max { abs($0) < abs($1) } ?? 0
    let sign: Double = largest < 0 ? -1 : 1
    return stride(from: 0, to: rows.count, by: axis.count).map { start in
      var sum = 0.0
      for index in axis.indices {
        sum += Double(axis[index]) * Double(rows[start + index] - center[index])
      }
      return sum * sign
    }
  }
}
