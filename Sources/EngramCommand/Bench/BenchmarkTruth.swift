internal import Vamana
internal import VectorMath

/// The true neighbours that recall is measured against.
enum BenchmarkTruth {
  /// Reads the file that `--truth` names.
  ///
  /// - Parameters:
  ///   - count: how many queries there are.
  ///   - baseCount: how many base vectors, or nil if that is not known yet.
  static func read(
    _ path: String, count: Int, baseCount: Int?, k: Int
  ) throws -> [[UInt32]] {
    let matrix = try CommandFailure.naming("--truth") {
      try NeighborMatrix(path: path, rowCount: baseCount)
    }
    guard matrix.count == count else {
      throw CommandFailure(
        "--truth: '\(path)' has \(matrix.count) rows; expected one for each of the \(count) queries",
        status: .badData)
    }
    if let baseCount {
      try check(neighborCount: matrix.neighborCount, path: path, baseCount: baseCount, k: k)
    }
    return (0..<matrix.count).map { Array(matrix[$0]) }
  }

  /// Checks that there are as many neighbours a query as are asked for, or all of them.
  static func check(neighborCount: Int, path: String, baseCount: Int, k: Int) throws {
    guard neighborCount >= min(k, baseCount) else {
      throw CommandFailure(
        "--truth: '\(path)' has \(neighborCount) neighbours a query; expected at least --k \(k)",
        status: .badData)
    }
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
