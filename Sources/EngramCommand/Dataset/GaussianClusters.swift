/// Vectors drawn around cluster centres: a data set of any size, made from a seed.
///
/// The centres come from a normal distribution of variance 1 in each dimension, the vectors from one
/// of deviation ``spread`` around a centre chosen at random. The same settings give the same bytes on
/// every machine; row `i` does not depend on how many rows there are, so that a small set is the
/// beginning of a larger one.
public struct GaussianClusters: Hashable, Sendable {
  public var count: Int
  public var dimension: Int
  public var clusterCount: Int
  /// The standard deviation around a centre; that of the centres is 1.
  public var spread: Double
  public var seed: UInt64

  private enum Stream: UInt64 {
    case centers = 0
    case rows = 1
    case queries = 2
  }

  /// - Throws: ``DatasetError/badSetting(_:)`` when a setting is outside its range.
  public init(
    count: Int, dimension: Int, clusterCount: Int = 1000, spread: Double = 0.5, seed: UInt64 = 1
  ) throws(DatasetError) {
    guard (1...Int(UInt32.max)).contains(count) else {
      throw .badSetting("the count is \(count); expected 1 to \(UInt32.max)")
    }
    guard (1...VectorMatrix.dimensionMax).contains(dimension) else {
      throw .badSetting(
        "the dimension is \(dimension); expected 1 to \(VectorMatrix.dimensionMax)")
    }
    guard (1...1_000_000).contains(clusterCount) else {
      throw .badSetting("the number of clusters is \(clusterCount); expected 1 to 1000000")
    }
    guard spread >= 0, spread <= 1e6 else {
      throw .badSetting("the spread is \(spread); expected 0 to 1000000")
    }
    self.count = count
    self.dimension = dimension
    self.clusterCount = clusterCount
    self.spread = spread
    self.seed = seed
  }

  /// The centres, one row each.
  func centers() -> VectorMatrix {
    VectorMatrix(count: clusterCount, dimension: dimension) { values in
      for cluster in 0..<clusterCount {
        var random = stream(.centers, cluster)
        for column in 0..<dimension {
          values[cluster * dimension + column] = Float(random.nextNormal())
        }
      }
    }
  }

  /// Writes row `row` to `values`, which has room for ``dimension`` values.
  ///
  /// - Parameter isQuery: whether the row is one of the queries, which have the distribution of the
  ///   vectors and are none of them.
  func fill(
    row: Int, isQuery: Bool, centers: VectorMatrix, into values: UnsafeMutableBufferPointer<Float>
  ) {
    var random = stream(isQuery ? .queries : .rows, row)
    let center = centers.row(random.nextIndex(below: clusterCount))
    for column in 0..<dimension {
      values[column] = Float(Double(center[column]) + spread * random.nextNormal())
    }
  }

  /// A stream of its own for each centre, row and query.
  private func stream(_ stream: Stream, _ index: Int) -> RandomStream {
    RandomStream(seed: seed, stream: stream.rawValue << 60 | UInt64(index))
  }
}
