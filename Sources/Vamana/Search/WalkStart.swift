internal import VectorMath

/// A walk under way.
struct Walk {
  var pool: CandidatePool
  var reached: ReachedNodes
  let visited: VisitedTable
  let radius: SearchRadius
  var statistics = SearchStatistics()

  /// How many entry points a walk starts from.
  fileprivate static let startCount = 4
  /// Blocks of entry points that are scored at once: with the limit that those before leave, few of them pass.
  fileprivate static let blocksAPiece = 4
}

extension NavigableSegment {
  /// A walk that has its start in the pool.
  ///
  /// - Parameter heldOut: a node that the walk is not to see.
  func startWalk(
    _ query: PreparedQuery, parameters: WalkParameters, heldOut: HeldOutNode? = nil,
    scratch: SearchScratch
  ) -> Walk {
    let capacity = min(parameters.capacity, nodeCount)
    var walk = Walk(
      pool: CandidatePool(keys: scratch.keys.base, capacity: capacity),
      reached: ReachedNodes(
        keys: scratch.reached.base, capacity: min(parameters.rerankCount, nodeCount)),
      visited: scratch.visitedTable(
        expectedCount: capacity * max(16, layout.header.maximumDegree / 2)),
      radius: SearchRadius(parameters, query: query))
    if let heldOut { _ = walk.visited.insert(heldOut.node) }
    seed(&walk, query: query, scratch: scratch)
    return walk
  }

  /// Scores the entry points and puts the nearest few into the pool.
  private func seed(_ walk: inout Walk, query: PreparedQuery, scratch: SearchScratch) {
    // SAFETY: `prepare` made room for all entry points.
    let entries = pointer(to: .entryPoints, as: UInt32.self)
    let factors = pointer(to: .entryFactors, as: UInt16.self)
    let codes = pointer(to: .entryCodes, as: UInt8.self)
    let blockCount = layout.entryBlockCount
    let slotCount = blockCount * EdgeCodeShape.laneCount
    let places = scratch.batch.base
    let distances = scratch.distances.base
    let added = scratch.added.base
    var first = Float(0)
    walk.statistics.distanceEvaluationCount += layout.header.entryPointCount
    let room = KeyList.room(forCapacity: Walk.startCount)
    withUnsafeTemporaryAllocation(of: NeighborKey.self, capacity: room) { keys in
      var nearest = CandidatePool(keys: keys.baseAddress!, capacity: Walk.startCount)
      var block = 0
      while block < blockCount {
        let slot = block * EdgeCodeShape.laneCount
        // One at first, all of which enter.
        let piece = min(block == 0 ? 1 : Walk.blocksAPiece, blockCount - block)
        let scored = kernels.scoreEdges(
          query.edge, base: 0, codes: codes + block * layout.header.edgeShape.blockByteCount,
          a: factors + slot, b: factors + slotCount + slot, blockCount: piece,
          below: nearest.threshold, places: places, distances: distances)
        if block == 0, scored > 0, places[0] == 0 { first = distances[0] }
        for index in 0..<scored {
          added[index] = NeighborKey(
            distance: distances[index], node: UInt32(slot) + places[index])
        }
        nearest.insert(added, count: scored, kernels: kernels)
        block += piece
      }
      for index in 0..<nearest.count {
        insert(UInt32(littleEndian: entries[Int(nearest[index].node)]), nearest[index].distance)
      }
    }
    // Every node can be reached from the first entry point: with it in the pool a list as long as the
    // index finds everything.
    insert(UInt32(littleEndian: entries[0]), first)

    func insert(_ node: UInt32, _ distance: Float) {
      guard node < UInt32(nodeCount), walk.visited.insert(node) else { return }
      walk.pool.insert(NeighborKey(distance: distance, node: node))
    }
  }
}
