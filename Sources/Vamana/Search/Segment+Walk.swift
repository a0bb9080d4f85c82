internal import VectorMath

extension Segment {
  /// The walk: expands the nearest candidate until the list holds no other within the radius, and collects
  /// the nearest nodes reached.
  ///
  /// - Parameter heldOut: a node that the walk is not to see.
  func walk(
    _ query: PreparedQuery, parameters: WalkParameters,
    heldOut: HeldOutNode? = nil, scratch: SearchScratch
  ) -> ReachedNodes {
    var walk = startWalk(query, parameters: parameters, heldOut: heldOut, scratch: scratch)
    if layout.header.isFused {
      walkFused(&walk, query: query, heldOut: heldOut, scratch: scratch)
    } else {
      walkCompact(&walk, query: query, heldOut: heldOut, scratch: scratch)
    }
    scratch.statistics += walk.statistics
    return walk.reached
  }

  private func walkFused(
    _ walk: inout Walk, query: PreparedQuery, heldOut: HeldOutNode?, scratch: SearchScratch
  ) {
    let hop = FusedHop(self)
    var state = FusedWalk(walk, query: query, scratch: scratch)
    if let heldOut {
      while hop.run(&state) {
        // A full table may have pushed it out.
        _ = state.visited.insert(heldOut.node)
        if let node = heldOut.substitutes[state.current] { hop.add(node, to: &state) }
      }
    } else {
      while hop.run(&state) {}
    }
    state.finish(&walk, evaluationsAHop: maximumDegree + 1)
  }

  /// One hop reads a list of neighbours, then the byte code of each.
  private func walkCompact(
    _ walk: inout Walk, query: PreparedQuery, heldOut: HeldOutNode?, scratch: SearchScratch
  ) {
    // SAFETY: as for the fused walk.
    let nodeCount = UInt32(count)
    let dimension = dimension
    let node = layout.node
    let nodes = UnsafeRawPointer(pointer(to: .nodes, as: UInt8.self))
    let rows = (nodes + node.rowOffset).assumingMemoryBound(to: UInt8.self)
    let kernels = kernels
    let queryCodes = UnsafePointer(scratch.queryCodes.base)
    let batch = scratch.batch.base
    let distances = scratch.distances.base
    let added = scratch.added.base
    let visited = walk.visited
    var pool = walk.pool
    var reached = walk.reached
    var statistics = walk.statistics
    var distance: Float = 0
    while let current = pool.popNearest(
      within: walk.radius.limit(pool, reached, hopCount: statistics.hopCount))
    {
      kernels.codeDistances(
        queryCodes, scale: query.scale, sum: query.sum, rows + Int(current) &* node.stride,
        stride: 0, ids: nil, count: 1, dimension: dimension, into: &distance)
      reached.insert(NeighborKey(distance: distance, node: current))
      let neighbors = (nodes + Int(current) &* node.stride).assumingMemoryBound(to: UInt32.self)
      var fresh = 0
      for slot in 0..<node.slotCount {
        let neighbor = UInt32(littleEndian: neighbors[slot])
        // Also ends the list: an empty slot is larger than any node.
        guard neighbor < nodeCount else { continue }
        // Written over by the one after if it is not new.
        batch[fresh] = neighbor
        fresh &+= visited.insert(neighbor) ? 1 : 0
      }
      // In a slot that the node held out left empty.
      if let node = heldOut?.substitutes[current], visited.insert(node) {
        batch[fresh] = node
        fresh &+= 1
      }
      let next = pool.next
      if next != .none {
        DistanceKernels.prefetchLines(
          nodes + Int(next.node) &* node.stride, byteCount: node.rowOffset)
      }
      kernels.codeDistances(
        queryCodes, scale: query.scale, sum: query.sum, rows, stride: node.stride, ids: batch,
        count: fresh, dimension: dimension, into: distances)
      for index in 0..<fresh {
        added[index] = NeighborKey(distance: distances[index], node: batch[index])
      }
      pool.insert(added, count: fresh, kernels: kernels)
      statistics.hopCount &+= 1
      statistics.distanceEvaluationCount &+= fresh
    }
    walk.reached = reached
    walk.statistics = statistics
  }
}
