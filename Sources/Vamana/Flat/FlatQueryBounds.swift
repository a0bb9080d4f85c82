internal import VectorMath

/// Queries as codes, for the chunk that is scanned: what turns products of codes into bounds on distances.
///
/// A bound holds for the distance as it is computed in single precision: it allows for the error of the
/// codes and of all roundings.
final class FlatQueryBounds {
  // SAFETY: who hands in vectors vouches for `queries.count` rows; all arrays have as many elements.
  let queries: FlatQueries
  private let dimension: Int
  private let metric: Metric
  private let roundingFactor: Double
  private var errors: [FlatQueryErrors] = []
  /// What is the same for all rows of a chunk and is left out of the bounds: added to a bound it gives
  /// a distance.
  private var constants: [Double]

  init(count: Int, dimension: Int, metric: Metric) {
    self.dimension = dimension
    self.metric = metric
    queries = FlatQueries(count: count, dimension: dimension)
    roundingFactor = FlatCodes.roundingFactor(dimension: dimension)
    constants = [Double](repeating: 0, count: count)
  }

  /// Takes as many queries as there is room for.
  func begin(_ vectors: UnsafePointer<Float>) {
    if metric != .squaredEuclidean { encode(vectors, center: nil) }
  }

  private func encode(_ vectors: UnsafePointer<Float>, center: UnsafePointer<Float>?) {
    errors.removeAll(keepingCapacity: true)
    for query in 0..<queries.count {
      errors.append(
        FlatKernels.encode(
          query: vectors + query * dimension, center: center, dimension: dimension,
          codes: queries.codes + query * queries.columnCount))
    }
  }

  /// Readies the queries, those that the scan began with, for a chunk.
  func prepare(_ vectors: UnsafePointer<Float>, for codes: FlatCodes, whole: Bool) {
    let centerNorm = FlatKernels.dotProduct(codes.center, codes.center, dimension: dimension)
      .squareRoot()
    if metric == .squaredEuclidean { encode(vectors, center: codes.center) }
    for query in 0..<queries.count {
      let error = errors[query]
      // The distance holds −q·x, or −2 q·x.
      let factor: Double = metric == .squaredEuclidean ? 2 : 1
      let slope = -factor * Double(error.scale)
      // A code's byte stands for byte − 128, its upper half for 16 · half − 120.5.
      queries.slopes[query] = Float(whole ? slope : 16 * slope)
      queries.offsets[query] = Float(-slope * Double(error.sum) * (whole ? 128 : 120.5))
      queries.residualFactors[query] = Float(-factor * error.norm * (1 + roundingFactor))
      queries.normFactors[query] = Float(
        -factor * (error.residual * (1 + roundingFactor) + roundingFactor * error.norm))
      constants[query] = constant(
        query, vector: vectors + query * dimension, center: codes.center, centerNorm: centerNorm)
    }
  }

  private func constant(
    _ query: Int, vector: UnsafePointer<Float>, center: UnsafePointer<Float>, centerNorm: Double
  ) -> Double {
    let norm = errors[query].norm
    // Products of tiny values lose their last bits, or vanish.
    let underflow = Double(dimension) * 0x1p-120
    if metric == .squaredEuclidean { return norm * norm * (1 - roundingFactor) - underflow }
    let dot = FlatKernels.dotProduct(vector, center, dimension: dimension)
    let distance = -dot - roundingFactor * norm * centerNorm - underflow
    return metric == .cosine ? 1 - 0x1p-20 + distance : distance
  }

  /// Tells the scan that rows farther than `threshold` are of no use to a query.
  func setThreshold(_ threshold: Float, of query: Int) {
    let value = Double(threshold) - constants[query]
    queries.thresholds[query] = Float(value + 0x1p-22 * abs(value)).nextUp
  }

  /// The least that the distance of a row can be.
  func lowerBound(_ hit: FlatHit) -> Float {
    let value = Double(hit.bound) + constants[hit.query]
    return Float(value - 0x1p-22 * abs(value)).nextDown
  }

  /// About the distance of a row.
  func estimate(_ hit: FlatHit) -> Float { Float(Double(hit.estimate) + constants[hit.query]) }
}
