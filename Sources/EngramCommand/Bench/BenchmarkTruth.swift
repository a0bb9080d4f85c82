internal import Vamana
internal import VectorMath

/// The true neighbours that recall is measured against.
enum BenchmarkTruth {
  /// Reads a file of neighbours.
  ///
  /// - Parameters:
  ///   - count: how many queries there are.
  ///   - baseCount: how many base vectors, or nil if that is not known.
  static func read(
    _ path: String, count: Int, baseCount: Int?, k: Int
  ) throws -> [[UInt32]] {
    let matrix = try NeighborMatrix(path: path, rowCount: baseCount)
    guard matrix.count == count else {
      throw CommandFailure(
        "\(path): has \(matrix.count) rows; expected one for each of the \(count) queries",
        status: .badData)
    }
    guard matrix.neighborCount >= min(k, baseCount ?? k) else {
      throw CommandFailure(
        "\(path): has \(matrix.neighborCount) neighbours a query; expected at least --k \(k)",
        status: .badData)
    }
    return (0..<matrix.count).map { Array(matrix[$0]) }
  }

  /// Computes them.
  static func compute(
    base: VectorMatrix, queries: VectorMatrix, metric: Metric, k: Int, threadCount: Int
  ) -> [[UInt32]] {
    withExtendedLifetime((base, queries)) {
      ExactNeighbors.find(
        base: base.baseAddress, baseCount: base.count, queries: queries.baseAddress,
        queryCount: queries.count, dimension: base.dimension, metric: metric, k: k,
        threadCount: threadCount)
    }
  }
}
