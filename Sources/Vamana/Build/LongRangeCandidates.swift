internal import VectorMath

/// Neighbours at longer range, for a few slots of every node.
///
/// Nearest neighbours alone tie clusters together poorly, and a walk towards a query far from its start,
/// or between clusters, has nothing to stride on. Every node offers the nearest of some landmarks, a
/// random sample of the whole set. In addition every 16th node knows its
/// nearest neighbours among those 16ths, every 256th among the 256ths, and so on: a navigable hierarchy
/// folded into one layer.
struct LongRangeCandidates: @unchecked Sendable {
  // SAFETY: written in `make` only.
  private let landmarks: [UInt32]
  private let fanOut: Int
  private let skeleton: [UInt32: [UInt32]]

  /// The most candidates of one node.
  static let countMax = landmarksANode + neighborsALevel * levelsMax
  private static let landmarksANode = 8
  private static let landmarkCountMax = 1024
  private static let neighborsALevel = 8
  private static let levelsMax = 6
  private static let sampling = 16
  /// A level smaller than this adds nothing to the one below.
  private static let levelCountMin = 32

  /// The candidates of `node`: in no order, maybe with repeats or the node itself.
  func candidates(of node: Int) -> [UInt32] {
    landmarks[node * fanOut..<(node + 1) * fanOut] + (skeleton[UInt32(node)] ?? [])
  }

  /// - Parameter neighbors: finds the nearest neighbours among the rows of a sample.
  /// - Complexity: a fifteenth of the work of finding neighbours among all rows.
  static func make(
    of matrix: FloatMatrix, carver: BallCarver, seed: UInt64, workers: Workers,
    neighbors: (FloatMatrix) throws(VamanaError) -> NeighborReservoirs
  ) throws(VamanaError) -> LongRangeCandidates {
    var skeleton: [UInt32: [UInt32]] = [:]
    var nodes = [UInt32](0..<UInt32(matrix.count))
    var generator = SplitMix64(seed: seed ^ 0x5ca1e)
    for _ in 0..<levelsMax {
      let count = nodes.count / sampling
      guard count >= levelCountMin else { break }
      nodes = generator.sample(count, below: nodes.count).map { nodes[$0] }
      let rows = FloatBuffer(count: count * matrix.dimension)
      nodes.withUnsafeBufferPointer { matrix.gather($0, into: rows.base) }
      let found = try neighbors(
        FloatMatrix(base: rows.base, count: count, dimension: matrix.dimension))
      for (index, node) in nodes.enumerated() {
        skeleton[node, default: []] += found.neighbors(of: index).prefix(neighborsALevel)
          .filter { $0 != .none }.map { nodes[Int($0.node)] }
      }
      withExtendedLifetime(rows) {}
    }
    let landmarkCount = min(landmarkCountMax, max(landmarksANode, matrix.count / 16))
    let landmarks = carver.landmarks(
      leaderCount: landmarkCount, fanOut: landmarksANode, workers: workers)
    return LongRangeCandidates(
      landmarks: landmarks, fanOut: landmarks.count / max(1, matrix.count), skeleton: skeleton)
  }
}
