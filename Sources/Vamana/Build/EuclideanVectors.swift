internal import VectorMath

/// The vectors under whose Euclidean distance a graph is built.
///
/// - Cosine: the unit vectors themselves, for which |x − y|² = 2(1 − cos).
/// - Squared Euclidean: centred, so that |x|² + |y|² − 2xy does not cancel far from the origin.
/// - Inner product: vectors of equal length as they are; else with one dimension more, √(M² − |x|²) with
///   M the greatest length, which makes the largest inner product the least distance.
///   Source: Bachrach et al., RecSys 2014.
final class EuclideanVectors {
  let matrix: FloatMatrix
  private let buffer: FloatBuffer?

  private init(matrix: FloatMatrix, buffer: FloatBuffer?) {
    self.matrix = matrix
    self.buffer = buffer
  }

  static func make(of stored: FloatMatrix, metric: Metric, center: [Float]) -> EuclideanVectors {
    switch metric {
    case .cosine: return EuclideanVectors(matrix: stored, buffer: nil)
    case .squaredEuclidean:
      let buffer = stored.centred(on: center)
      return EuclideanVectors(
        matrix: FloatMatrix(
          base: buffer.base, count: stored.count, dimension: stored.dimension), buffer: buffer)
    case .innerProduct:
      let norms = (0..<stored.count).map { squaredNorm(of: stored.row($0), stored.dimension) }
      let largest = norms.max() ?? 0
      let smallest = norms.min() ?? 0
      if largest - smallest <= 1e-3 * largest {
        return EuclideanVectors(matrix: stored, buffer: nil)
      }
      return augmented(stored, squaredNorms: norms, largest: largest)
    }
  }

  private static func augmented(
    _ stored: FloatMatrix, squaredNorms: [Float], largest: Float
  ) -> EuclideanVectors {
    let dimension = stored.dimension + 1
    let buffer = FloatBuffer(count: stored.count * dimension)
    for index in 0..<stored.count {
      let out = buffer.base + index * dimension
      out.update(from: stored.row(index), count: stored.dimension)
      out[stored.dimension] = max(0, largest - squaredNorms[index]).squareRoot()
    }
    return EuclideanVectors(
      matrix: FloatMatrix(base: buffer.base, count: stored.count, dimension: dimension),
      buffer: buffer)
  }

  private static func squaredNorm(of row: UnsafePointer<Float>, _ dimension: Int) -> Float {
    var sum: Float = 0
    for axis in 0..<dimension { sum += row[axis] * row[axis] }
    return sum
  }
}
