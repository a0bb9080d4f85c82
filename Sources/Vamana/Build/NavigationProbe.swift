internal import VectorMath

/// Tries how well walks find their way in a graph: sampled nodes are searched for from the entry points.
struct NavigationProbe {
  let graph: ProximityGraph
  let source: DistanceSource
  let entryPoints: [UInt32]
  let seed: UInt64

  /// Nodes searched for, and candidates a walk keeps: as few as a fast search does.
  private static let sampleCountMax = 512
  private static let listSize = 32

  /// The share of the sampled nodes that a walk towards them reaches.
  ///
  /// - Complexity: about sample · listSize · degree distances.
  func share(workers: Workers) -> Double {
    var generator = SplitMix64(seed: seed ^ 0x9a0be)
    let sample = generator.sample(
      min(Self.sampleCountMax, graph.nodeCount), below: graph.nodeCount)
    let found = UnsafeMutablePointer<Bool>.allocate(capacity: sample.count)
    defer { found.deallocate() }
    // SAFETY: each piece writes its own element.
    nonisolated(unsafe) let results = found
    workers.run(pieces: sample.count) { piece, _ in
      results[piece] = isFound(UInt32(sample[piece]))
    }
    return Double((0..<sample.count).count { found[$0] }) / Double(sample.count)
  }

  private func isFound(_ target: UInt32) -> Bool {
    let starts = zip(distances(to: target, of: entryPoints), entryPoints)
      .map { NeighborKey(distance: $0, node: $1) }.sorted()
    var keys = [NeighborKey](repeating: .none, count: Self.listSize)
    return keys.withUnsafeMutableBufferPointer { keys in
      var pool = CandidatePool(keys: keys.baseAddress!, capacity: Self.listSize)
      var seen = Set<UInt32>()
      for key in starts.prefix(4) where seen.insert(key.node).inserted { pool.insert(key) }
      while let node = pool.popNearest() {
        // A copy of the target is as good.
        if node == target || distances(to: target, of: [node])[0] == 0 { return true }
        let fresh = graph.neighbors(of: Int(node)).map(\.node).filter { seen.insert($0).inserted }
        for (distance, other) in zip(distances(to: target, of: fresh), fresh) {
          pool.insert(NeighborKey(distance: distance, node: other))
        }
      }
      return false
    }
  }

  private func distances(to target: UInt32, of nodes: [UInt32]) -> [Float] {
    [Float](unsafeUninitializedCapacity: nodes.count) { buffer, filled in
      guard let out = buffer.baseAddress else { return }
      DistanceKernels.best.squaredEuclideanDistances(
        source.matrix.row(Int(target)), source.matrix.base, stride: source.matrix.dimension,
        ids: nodes, count: nodes.count, dimension: source.matrix.dimension, into: out)
      filled = nodes.count
    }
  }
}
