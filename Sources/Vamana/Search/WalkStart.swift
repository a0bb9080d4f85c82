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
  /// Of how many groups of entry points all are scored, at least: from fewer, queries out of the distribution of
  /// what is indexed start farther away.
  fileprivate static let probeCountMin = 8
  fileprivate static let groupsAProbe = 6
  /// A longer list asks for more recall: one group more for each so many of its places.
  fileprivate static let listAProbe = 4
  fileprivate static let probeCountMax = 64
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

  /// Scores the entry points, or those of the groups whose means are nearest, and puts the nearest few into the pool.
  private func seed(_ walk: inout Walk, query: PreparedQuery, scratch: SearchScratch) {
    // SAFETY: `prepare` made room for all entry points.
    let entries = pointer(to: .entryPoints, as: UInt32.self)
    let entryBlocks = layout.entryBlockCount
    let meanBlocks = layout.entryMeanBlockCount
    let groupCount = layout.header.entryGroupCount
    let wanted = max(
      Walk.probeCountMin, groupCount / Walk.groupsAProbe, walk.pool.capacity / Walk.listAProbe)
    let probeCount = min(groupCount, wanted, Walk.probeCountMax)
    let room = KeyList.room(forCapacity: Walk.startCount)
    // On the stack: a kilobyte.
    withUnsafeTemporaryAllocation(
      of: NeighborKey.self, capacity: room + KeyList.room(forCapacity: Walk.probeCountMax)
    ) { keys in
      var nearest = CandidatePool(keys: keys.baseAddress!, capacity: Walk.startCount)
      // One block at first, all of which enters.
      let kept = score(0..<1, query: query, into: &nearest, scratch: scratch)
      let first = kept > 0 && scratch.batch.base[0] == 0 ? scratch.distances.base[0] : 0
      if probeCount == 0 {
        scoreAll(1..<entryBlocks, query: query, into: &nearest, scratch: scratch)
        walk.statistics.distanceEvaluationCount += layout.header.entryPointCount
      } else {
        var groups = CandidatePool(keys: keys.baseAddress! + room, capacity: probeCount)
        scoreAll(
          entryBlocks..<entryBlocks + meanBlocks, query: query, into: &groups, scratch: scratch)
        for index in 0..<groups.count {
          let group = Int(groups[index].node) - entryBlocks * EdgeCodeShape.laneCount
          guard group > 0, group < entryBlocks else { continue }
          _ = score(group..<group + 1, query: query, into: &nearest, scratch: scratch)
        }
        walk.statistics.distanceEvaluationCount +=
          groupCount + (groups.count + 1) * EntryGroups.size
      }
      for index in 0..<nearest.count {
        insert(UInt32(littleEndian: entries[Int(nearest[index].node)]), nearest[index].distance)
      }
      // Every node can be reached from the first entry point: with it in the pool a list as long as the
      // index finds everything.
      insert(UInt32(littleEndian: entries[0]), first)
    }

    func insert(_ node: UInt32, _ distance: Float) {
      guard node < UInt32(nodeCount), walk.visited.insert(node) else { return }
      walk.pool.insert(NeighborKey(distance: distance, node: node))
    }
  }

  /// Scores blocks a few at a time, so that the limit of those before keeps most of the rest out.
  @inline(__always)
  private func scoreAll(
    _ blocks: Range<Int>, query: PreparedQuery, into nearest: inout CandidatePool,
    scratch: SearchScratch
  ) {
    var block = blocks.lowerBound
    while block < blocks.upperBound {
      let end = min(blocks.upperBound, block + Walk.blocksAPiece)
      _ = score(block..<end, query: query, into: &nearest, scratch: scratch)
      block = end
    }
  }

  /// Scores `blocks` of the entry points or of the means, and puts their places into `nearest`.
  ///
  /// - Returns: how many were near enough; the scratch holds their places in the blocks and their distances.
  @inline(__always)
  private func score(
    _ blocks: Range<Int>, query: PreparedQuery, into nearest: inout CandidatePool,
    scratch: SearchScratch
  ) -> Int {
    // SAFETY: the sections have as many blocks, and `prepare` made room for the places of all.
    let codes = pointer(to: .entryCodes, as: UInt8.self)
    let slot = blocks.lowerBound * EdgeCodeShape.laneCount
    let factors = pointer(to: .entryFactors, as: UInt16.self) + slot
    let places = scratch.batch.base
    let distances = scratch.distances.base
    let added = scratch.added.base
    let kept = kernels.scoreEdges(
      query.edge, base: 0,
      codes: codes + blocks.lowerBound * layout.header.edgeShape.blockByteCount, a: factors,
      b: factors + layout.entrySlotCount, blockCount: blocks.count, below: nearest.threshold,
      places: places, distances: distances)
    for index in 0..<kept {
      added[index] = NeighborKey(distance: distances[index], node: UInt32(slot) + places[index])
    }
    nearest.insert(added, count: kept, kernels: kernels)
    return kept
  }
}
