internal import VectorMath

/// Builds the graph of a segment in bulk.
///
/// Near neighbours come from overlapping leaves (``BallCarver``, ``LeafJoin``) instead of searches in a
/// growing graph, so that almost all distances are matrix products. Each node's list is then pruned
/// (``RobustPrune``), back edges are added and over-full lists pruned again, and what the entry points
/// do not reach is connected. The result is the same for any number of threads.
struct GraphBuilder {
  let matrix: FloatMatrix
  let configuration: VamanaConfiguration
  let control: BuildControl

  /// Slots kept free in every list for the edges that make all nodes reachable.
  private static let spareSlots = 2
  private static let nodesAPiece = 256

  private var workers: Workers { Workers(threadCount: configuration.threadCount) }
  private var degree: Int { configuration.maximumDegree - Self.spareSlots }

  func build(entryPoints: [UInt32]) throws(VamanaError) -> ProximityGraph {
    let norms = squaredNorms()
    let reservoirs = try collectNeighbors(norms: norms)
    let forward = try pruneForward(reservoirs, norms: norms)
    let graph = try addBackEdges(to: forward, norms: norms)
    _ = graph.connect(from: entryPoints)
    return graph
  }

  private func squaredNorms() -> FloatBuffer {
    let norms = FloatBuffer(count: matrix.count)
    let kernels = DistanceKernels.best
    let matrix = matrix
    forEachNode { node, _ in
      let row = matrix.row(node)
      kernels.dotProducts(
        row, row, stride: 0, ids: nil, count: 1, dimension: matrix.dimension,
        into: norms.base + node)
    }
    return norms
  }

  private func collectNeighbors(norms: FloatBuffer) throws(VamanaError) -> NeighborReservoirs {
    let carver = BallCarver(matrix: matrix, squaredNorms: norms, seed: configuration.seed)
    let reservoirs = NeighborReservoirs(
      nodeCount: matrix.count, capacity: min(configuration.candidateCount, max(1, matrix.count - 1))
    )
    let balls = carver.firstLevel(workers: workers)
    let keep = reservoirs.capacity
    let matrix = matrix
    let seed = configuration.seed
    let control = control
    let scratch = WorkerScratch(count: configuration.threadCount) {
      LeafJoin(matrix: matrix, squaredNorms: norms, keep: keep)
    }
    control.begin(.neighbors, of: balls.count)
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

  private func pruneForward(
    _ reservoirs: NeighborReservoirs, norms: FloatBuffer
  ) throws(VamanaError) -> ProximityGraph {
    let graph = ProximityGraph(nodeCount: matrix.count, capacity: configuration.maximumDegree)
    let scratch = pruners(norms: norms, candidatesMax: reservoirs.capacity)
    let degree = degree
    let control = control
    control.begin(.pruning, of: matrix.count)
    forEachNode { node, worker in
      let all = reservoirs.neighbors(of: node)
      let found = all.firstIndex(of: .none) ?? all.count
      graph.degrees[node] = Int32(
        scratch[worker].prune(
          UnsafeBufferPointer(rebasing: all[0..<found]), degree: degree,
          into: graph.slots(of: node)))
    }
    try control.check()
    return graph
  }

  /// Adds the reverse of every edge; a list that overflows is pruned again.
  private func addBackEdges(
    to forward: ProximityGraph, norms: FloatBuffer
  ) throws(VamanaError) -> ProximityGraph {
    let backedges = Backedges(of: forward)
    let graph = ProximityGraph(nodeCount: matrix.count, capacity: configuration.maximumDegree)
    // A node in the middle of a cluster can have thousands of back edges: the nearest are enough.
    let candidatesMax = 3 * configuration.maximumDegree
    let scratch = pruners(norms: norms, candidatesMax: candidatesMax)
    let degree = degree
    let control = control
    control.begin(.backedges, of: matrix.count)
    forEachNode { node, worker in
      let merged = backedges.merged(with: forward.neighbors(of: node), of: node)
      merged.withUnsafeBufferPointer { merged in
        graph.degrees[node] = Int32(
          scratch[worker].prune(merged, degree: degree, into: graph.slots(of: node)))
      }
    }
    try control.check()
    return graph
  }

  private func pruners(norms: FloatBuffer, candidatesMax: Int) -> WorkerScratch<RobustPrune> {
    WorkerScratch(count: configuration.threadCount) {
      RobustPrune(
        matrix: matrix, squaredNorms: norms, alpha: configuration.alpha,
        candidatesMax: candidatesMax)
    }
  }

  private func forEachNode(_ body: @Sendable (_ node: Int, _ worker: Int) -> Void) {
    let count = matrix.count
    let control = control
    workers.run(pieces: (count + Self.nodesAPiece - 1) / Self.nodesAPiece) { piece, worker in
      guard !control.isCancelled else { return }
      let start = piece * Self.nodesAPiece
      let end = min(count, start + Self.nodesAPiece)
      for node in start..<end { body(node, worker) }
      control.advance(by: end - start)
    }
  }
}

/// Scratch memory for each worker.
private struct WorkerScratch<Scratch>: @unchecked Sendable {
  // SAFETY: each worker uses the element of its own number only.
  private let elements: [Scratch]

  init(count: Int, make: () -> Scratch) { elements = (0..<max(1, count)).map { _ in make() } }

  subscript(worker: Int) -> Scratch { elements[worker] }
}
