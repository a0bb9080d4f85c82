internal import VectorMath

/// Builds the graph of a segment in bulk.
///
/// Near neighbours come from overlapping leaves (``BallCarver``, ``LeafJoin``) instead of searches in a
/// growing graph, so that almost all distances are matrix products; one look at the neighbours of
/// neighbours finds nearly all that leaves cut apart. Each node's list is then pruned (``RobustPrune``), back edges are added and over-full lists pruned again; a few slots go to edges of
/// longer range (``LongRangeCandidates``), and what the root does not reach is connected. The result is
/// the same for any number of threads.
struct GraphBuilder {
  let matrix: FloatMatrix
  let configuration: VamanaConfiguration
  let control: BuildControl

  /// Slots kept free in every list for the edges that make all nodes reachable.
  private static let spareSlots = 1
  /// How many neighbours of a node each of its leaves offers, where it is in several.
  private static let leafNeighborCount = 24
  private static let nodesAPiece = 256
  /// The share of sampled nodes that walks must reach for a graph to pass as navigable.
  private static let navigableShare = 0.985
  /// Entry points far from each other, for each random one, where a graph does not pass.
  private static let spreadFactor = 3
  /// How many times the entry points asked for a graph may end up with.
  static let entryPointFactorMax = 1 + spreadFactor

  private var workers: Workers { Workers(threadCount: configuration.threadCount) }
  private var nearDegree: Int { configuration.maximumDegree - Self.spareSlots }

  /// - Parameter entryPoints: where walks are to start; all nodes will be reachable from the first.
  /// - Returns: the graph, and the entry points with those that had to be added.
  func build(
    entryPoints: [UInt32]
  ) throws(VamanaError) -> (graph: ProximityGraph, entryPoints: [UInt32]) {
    let source = DistanceSource(of: matrix, workers: workers)
    let carver = BallCarver(source: source, seed: configuration.seed)
    let found = try collectNeighbors(
      carver, source: source, balls: carver.firstLevel(workers: workers), phase: .neighbors)
    let reservoirs = try refine(found, source: source)
    let forward = try pruneForward(reservoirs, source: source)
    let graph = try addBackedges(to: forward, source: source)
    let isNavigable = isNavigable(graph, source: source, entryPoints: entryPoints)
    let longRangeDegree =
      configuration.longRangeDegree ?? (isNavigable ? 0 : configuration.maximumDegree / 8)
    if longRangeDegree > 0 {
      let candidates = try longRangeCandidates(carver)
      try addLongRange(candidates, degree: longRangeDegree, to: graph, source: source)
    }
    _ = graph.connect(from: entryPoints[0])
    graph.useSpares()
    guard !isNavigable, configuration.entryPointCount == nil else { return (graph, entryPoints) }
    let spread = EntryPoints.spread(
      entryPoints, adding: Self.spreadFactor * entryPoints.count, matrix: matrix,
      seed: configuration.seed)
    return (graph, spread)
  }

  /// Whether walks find their way by the nearest neighbours alone.
  ///
  /// Those of texts hang together. Where data fall apart into clusters, edges of longer range and an
  /// entry point in every cluster help; elsewhere they would only cost recall and time.
  private func isNavigable(
    _ graph: ProximityGraph, source: DistanceSource, entryPoints: [UInt32]
  ) -> Bool {
    NavigationProbe(
      graph: graph, source: source, entryPoints: entryPoints, seed: configuration.seed
    ).share(workers: workers) >= Self.navigableShare
  }

  private func longRangeCandidates(
    _ carver: BallCarver
  ) throws(VamanaError) -> LongRangeCandidates {
    try LongRangeCandidates.make(
      of: matrix, carver: carver, seed: configuration.seed, workers: workers
    ) { sample throws(VamanaError) in
      let source = DistanceSource(of: sample, workers: workers)
      let carver = BallCarver(source: source, seed: configuration.seed)
      return try collectNeighbors(
        carver, source: source, balls: carver.firstLevel(workers: workers),
        phase: .longRange)
    }
  }

  private func collectNeighbors(
    _ carver: BallCarver, source: DistanceSource, balls: [[UInt32]], phase: BuildProgress.Phase
  ) throws(VamanaError) -> NeighborReservoirs {
    let count = source.matrix.count
    let reservoirs = NeighborReservoirs(
      nodeCount: count, capacity: min(configuration.candidateCount, max(1, count - 1)))
    let wanted = needsRefinement(count) ? Self.leafNeighborCount : reservoirs.capacity
    let seed = configuration.seed
    let control = control
    let scratch = WorkerScratch(count: configuration.threadCount) {
      LeafJoin(source: source, wanted: wanted, reservoirCapacity: reservoirs.capacity)
    }
    control.begin(phase, of: balls.count)
    workers.run(pieces: balls.count) { piece, worker in
      guard !control.isCancelled else { return }
      let join = scratch[worker]
      carver.carve(balls[piece], depth: 1, seed: seed ^ UInt64(piece + 1)) { leaf in
        join.run(leaf, into: reservoirs)
      }
      control.advance(by: 1)
    }
    try control.check()
    return reservoirs
  }

  /// One leaf that holds everything has found all there is.
  private func needsRefinement(_ count: Int) -> Bool {
    count > BallCarver.leafCountMax
  }

  /// One round over the neighbours of neighbours.
  private func refine(
    _ found: NeighborReservoirs, source: DistanceSource
  ) throws(VamanaError) -> NeighborReservoirs {
    guard needsRefinement(found.nodeCount) else { return found }
    let refined = NeighborReservoirs(
      nodeCount: found.nodeCount, capacity: configuration.candidateCount)
    let scratch = WorkerScratch(count: configuration.threadCount) {
      NeighborRefinement(source: source, reservoirs: found)
    }
    try forEachNode(.refining) { node, worker in
      scratch[worker].refine(
        node, count: refined.capacity, into: refined.slots(of: node))
    }
    return refined
  }

  private func pruneForward(
    _ reservoirs: NeighborReservoirs, source: DistanceSource
  ) throws(VamanaError) -> ProximityGraph {
    let graph = ProximityGraph(nodeCount: matrix.count, capacity: configuration.maximumDegree)
    let scratch = pruners(source: source, candidatesMax: reservoirs.capacity)
    let degree = nearDegree
    try forEachNode(.pruning) { node, worker in
      let all = reservoirs.neighbors(of: node)
      let found = all.firstIndex(of: .none) ?? all.count
      graph.degrees[node] = Int32(
        scratch[worker].prune(
          UnsafeBufferPointer(rebasing: all[0..<found]), degree: degree,
          into: graph.slots(of: node)))
    }
    return graph
  }

  /// Adds the reverse of every edge; a list that overflows is pruned again.
  private func addBackedges(
    to forward: ProximityGraph, source: DistanceSource
  ) throws(VamanaError) -> ProximityGraph {
    let backedges = Backedges(of: forward)
    let graph = ProximityGraph(nodeCount: matrix.count, capacity: configuration.maximumDegree)
    // A node in the middle of a cluster can have thousands of back edges: the nearest are enough.
    let candidatesMax = 3 * configuration.maximumDegree
    let scratch = pruners(source: source, candidatesMax: candidatesMax)
    let degree = nearDegree + Self.spareSlots
    try forEachNode(.backedges) { node, worker in
      let own = forward.neighbors(of: node)
      let back = backedges.sources(of: node, limit: candidatesMax - own.count)
      ascending(own, back).withUnsafeBufferPointer {
        let kept = scratch[worker].prune($0, degree: degree, into: graph.slots(of: node))
        graph.setDegree(kept, of: node, sparing: kept == degree)
      }
    }
    return graph
  }

  /// Puts edges of longer range, pruned among themselves, in the place of the last `degree`.
  private func addLongRange(
    _ candidates: LongRangeCandidates, degree: Int, to graph: ProximityGraph,
    source: DistanceSource
  ) throws(VamanaError) {
    let scratch = pruners(source: source, candidatesMax: LongRangeCandidates.countMax)
    let kernels = DistanceKernels.best
    let matrix = matrix
    let nearMax = nearDegree - degree
    try forEachNode(.longRange) { node, worker in
      graph.degrees[node] = min(graph.degrees[node], Int32(nearMax))
      let near = Set(graph.neighbors(of: node).map(\.node))
      let ids = candidates.candidates(of: node).filter { $0 != UInt32(node) && !near.contains($0) }
      guard !ids.isEmpty else { return }
      let distances = [Float](unsafeUninitializedCapacity: ids.count) { buffer, filled in
        kernels.squaredEuclideanDistances(
          matrix.row(node), matrix.base, stride: matrix.dimension, ids: ids, count: ids.count,
          dimension: matrix.dimension, into: buffer.baseAddress!)
        filled = ids.count
      }
      let keys = zip(distances, ids).map { NeighborKey(distance: $0, node: $1) }
      ascending(keys, []).withUnsafeBufferPointer {
        let slots = graph.slots(of: node) + Int(graph.degrees[node])
        graph.degrees[node] += Int32(scratch[worker].prune($0, degree: degree, into: slots))
      }
    }
  }

  private func pruners(
    source: DistanceSource, candidatesMax: Int
  ) -> WorkerScratch<RobustPrune> {
    WorkerScratch(count: configuration.threadCount) {
      RobustPrune(source: source, alpha: configuration.alpha, candidatesMax: candidatesMax)
    }
  }

  private func forEachNode(
    _ phase: BuildProgress.Phase, _ body: @Sendable (_ node: Int, _ worker: Int) -> Void
  ) throws(VamanaError) {
    let count = matrix.count
    let control = control
    control.begin(phase, of: count)
    workers.run(pieces: (count + Self.nodesAPiece - 1) / Self.nodesAPiece) { piece, worker in
      guard !control.isCancelled else { return }
      let start = piece * Self.nodesAPiece
      let end = min(count, start + Self.nodesAPiece)
      for node in start..<end { body(node, worker) }
      control.advance(by: end - start)
    }
    try control.check()
  }
}

/// Two lists of candidates as one: ascending, no node twice.
private func ascending(
  _ first: some Collection<NeighborKey>, _ second: some Collection<NeighborKey>
) -> [NeighborKey] {
  var all = Array(first)
  all.append(contentsOf: second)
  all.sort()
  // A node met twice carries the same distance up to rounding.
  var seen = Set<UInt32>(minimumCapacity: all.count)
  all.removeAll { !seen.insert($0.node).inserted }
  return all
}
