internal import Vamana
internal import VectorMath

/// Filters for groups of queries, by where the matches lie.
struct FilterWorkload {
  /// How matches lie towards the queries.
  enum Kind: String, CaseIterable {
    /// Anywhere: each vector matches with equal probability.
    case uncorrelated
    /// In clusters that were drawn without regard to the query.
    case clustered
    /// The vectors nearest to the centre of the query's group.
    case near
    /// The clusters farthest from the centre of the query's group.
    case far
  }

  let base: VectorMatrix
  let queries: VectorMatrix
  let metric: Metric
  let seed: UInt64
  /// The centre of each group of queries, a query itself.
  private let centers: [Int]
  /// The queries of each group.
  let groups: [[Int]]
  /// The rows of each cluster of the base.
  private let clusters: [[UInt32]]
  private let clusterRows: [Int]

  private static let groupCountMax = 10
  private static let clusterCountMax = 200

  init(
    base: VectorMatrix, queries: VectorMatrix, metric: Metric, seed: UInt64, threadCount: Int
  ) {
    self.base = base
    self.queries = queries
    self.metric = metric
    self.seed = seed
    var stream = RandomStream(seed: seed)
    let centers = Self.sample(
      min(Self.groupCountMax, queries.count), below: queries.count, from: &stream)
    let clusterRows = Self.sample(
      min(Self.clusterCountMax, base.count), below: base.count, from: &stream)
    self.centers = centers
    self.clusterRows = clusterRows
    groups = Self.assign(
      queries, to: Self.rows(centers, of: queries), metric: metric, threadCount: threadCount
    ).map { $0.map(Int.init) }
    clusters = Self.assign(
      base, to: Self.rows(clusterRows, of: base), metric: metric, threadCount: threadCount)
  }

  /// The rows that match for each group, ascending: the share `selectivity` of all, at least one.
  func matches(_ kind: Kind, selectivity: Double) -> [[UInt64]] {
    let count = min(base.count, max(1, Int((Double(base.count) * selectivity).rounded())))
    var stream = RandomStream(seed: seed, stream: UInt64(Kind.allCases.firstIndex(of: kind)!) + 1)
    switch kind {
    case .uncorrelated:
      let rows = Self.sample(count, below: base.count, from: &stream).map(UInt64.init).sorted()
      return groups.map { _ in rows }
    case .clustered:
      let order = clusters.indices.shuffled(using: &stream)
      let rows = rows(ofClusters: order, count: count)
      return groups.map { _ in rows }
    case .near:
      return centers.map { center in
        let distances = distances(from: center, to: base)
        return (0..<base.count).sorted { distances[$0] < distances[$1] }.prefix(count)
          .map(UInt64.init).sorted()
      }
    case .far:
      let representatives = Self.rows(clusterRows, of: base)
      return centers.map { center in
        let distances = distances(from: center, to: representatives)
        return rows(
          ofClusters: clusters.indices.sorted { distances[$0] > distances[$1] }, count: count)
      }
    }
  }

  private func rows(ofClusters order: [Int], count: Int) -> [UInt64] {
    order.lazy.flatMap { clusters[$0] }.prefix(count).map(UInt64.init).sorted()
  }

  private func distances(from query: Int, to rows: VectorMatrix) -> [Float] {
    withExtendedLifetime((rows, queries)) {
      [Float](unsafeUninitializedCapacity: rows.count) { buffer, filled in
        // SAFETY: room for a distance of every row.
        DistanceKernels.best.distances(
          metric, queries.row(query).baseAddress!, rows.baseAddress, stride: rows.dimension,
          ids: nil, count: rows.count, dimension: rows.dimension, into: buffer.baseAddress!)
        filled = rows.count
      }
    }
  }

  /// The rows of `matrix` by the nearest of `centers`.
  private static func assign(
    _ matrix: VectorMatrix, to centers: VectorMatrix, metric: Metric, threadCount: Int
  ) -> [[UInt32]] {
    let nearest = withExtendedLifetime((matrix, centers)) {
      ExactNeighbors.find(
        base: centers.baseAddress, baseCount: centers.count, queries: matrix.baseAddress,
        queryCount: matrix.count, dimension: matrix.dimension, metric: metric, k: 1,
        threadCount: threadCount)
    }
    var groups = [[UInt32]](repeating: [], count: centers.count)
    for (row, center) in nearest.enumerated() { groups[Int(center[0])].append(UInt32(row)) }
    return groups
  }

  static func rows(_ rows: [some BinaryInteger], of matrix: VectorMatrix) -> VectorMatrix {
    VectorMatrix(count: rows.count, dimension: matrix.dimension) { values in
      for (index, row) in rows.enumerated() {
        for (axis, value) in matrix.row(Int(row)).enumerated() {
          values[index * matrix.dimension + axis] = value
        }
      }
    }
  }

  /// `count` different numbers below `bound`. Source: Floyd, in Bentley, CACM 30, 1987.
  private static func sample(
    _ count: Int, below bound: Int, from stream: inout RandomStream
  ) -> [Int] {
    var chosen = Set<Int>()
    return (bound - count..<bound).map { last in
      let number = stream.nextIndex(below: last + 1)
      let pick = chosen.contains(number) ? last : number
      chosen.insert(pick)
      return pick
    }
  }
}
