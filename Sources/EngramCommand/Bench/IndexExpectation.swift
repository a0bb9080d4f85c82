internal import Vamana
internal import VectorMath

/// What an index that is read from a file must be like: as if it had been built now.
struct IndexExpectation {
  var base: VectorMatrix
  var metric: Metric
  var configuration: VamanaConfiguration

  /// Rows that are compared, spread over all.
  private static let sampleCountMax = 64

  /// - Parameter vector: the index's vector of a record.
  /// - Throws: ``CommandFailure`` that says what is different and what to do.
  func check(
    _ found: IndexDescription, at path: String, vector: (UInt64) throws -> [Float]?
  ) throws {
    try found.check(
      at: path,
      isAs: IndexDescription(
        count: base.count, dimension: base.dimension, metric: metric,
        maximumDegree: configuration.maximumDegree, isFused: configuration.isFused,
        placement: configuration.placement))
    let tolerance = rounding
    for sample in 0..<min(Self.sampleCountMax, base.count) {
      let row = sample * base.count / min(Self.sampleCountMax, base.count)
      guard let stored = try vector(UInt64(row)),
        zip(stored, expected(row)).allSatisfy({ abs($0 - $1) <= tolerance })
      else {
        throw CommandFailure(
          "'\(path)' was built of other vectors than those of --base (row \(row) differs). Name "
            + "the file it was built of, or another --index to build", status: .badData)
      }
    }
  }

  /// The vector of `row` as an index stores it.
  private func expected(_ row: Int) -> [Float] {
    var vector = base[row]
    guard metric == .cosine else { return vector }
    let length = vector.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    if length > 0 {
      for axis in vector.indices { vector[axis] = Float(Double(vector[axis]) / length) }
    }
    return vector
  }

  /// How far off a stored component may be: an index gives it to within 1/65,000 of the largest
  /// deviation from the mean, which is less than twice the largest component. Doubled for roundings.
  private var rounding: Float {
    if metric == .cosine { return 4 / 65_000 }
    let largest = base.withRows(0..<base.count) { values in
      values.reduce(Float(0)) { max($0, abs($1)) }
    }
    return 4 * largest / 65_000
  }
}
