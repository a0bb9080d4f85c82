internal import VectorMath

extension Segment {
  /// Walks towards the nearest matches and ranks the nearest of those met exactly; gives up, without hits,
  /// where the way does not lead to matches.
  ///
  /// - Complexity: as the plan expects, hops of `maximumDegree` estimates each.
  func walk(
    to matches: FilterMatches, query: PreparedQuery, plan: FilterPlan, parameters: WalkParameters,
    scratch: SearchScratch
  ) {
    let entrySlots = layout.entryBlockCount * EdgeCodeShape.laneCount
    let batchSize = max(
      entrySlots, layout.node.slotCount, plan.matchListSize, matches.samples.count)
    scratch.keys.reserve(KeyList.room(forCapacity: plan.otherListSize))
    scratch.reached.reserve(KeyList.room(forCapacity: plan.matchListSize))
    let addedCount = layout.node.slotCount + 1
    scratch.added.reserve(2 * addedCount)
    scratch.batch.reserve(batchSize)
    scratch.distances.reserve(batchSize)
    var walk = FilteredWalk(
      matching: matches.nodes,
      visited: scratch.visitedTable(
        expectedCount: 8 * (plan.matchListSize + plan.otherListSize)),
      matches: CandidatePool(keys: scratch.reached.base, capacity: plan.matchListSize),
      others: CandidatePool(keys: scratch.keys.base, capacity: plan.otherListSize),
      addedMatches: scratch.added.base, addedOthers: scratch.added.base + addedCount,
      nodeCount: count, plan: plan, k: parameters.k)
    startEntries(&walk, query: query, scratch: scratch)
    start(&walk, from: matches.samples, query: query, scratch: scratch)
    if layout.header.isFused {
      walkFused(&walk, query: query, scratch: scratch)
    } else {
      walkCompact(&walk, query: query, scratch: scratch)
    }
    scratch.statistics += walk.statistics
    if walk.isLost { return }
    let found = walk.matches
    let count = min(found.count, max(plan.reach, parameters.rerankCount))
    for index in 0..<count { scratch.batch.base[index] = found[index].node }
    appendExact(count: count, query: query, scratch: scratch)
  }

  /// How many of the entry points, of the matching ones, and of the filter's samples a walk starts from.
  private static let startCount = 4

  /// Scores the entry points of the segment as one block.
  private func startEntries(
    _ walk: inout FilteredWalk, query: PreparedQuery, scratch: SearchScratch
  ) {
    // SAFETY: the batch has room for all entry points; nodes are compared with `count`.
    let entries = pointer(to: .entryPoints, as: UInt32.self)
    let factors = pointer(to: .entryFactors, as: UInt16.self)
    let places = scratch.batch.base
    let distances = scratch.distances.base
    let scored = kernels.scoreEdges(
      query.edge, base: 0, codes: pointer(to: .entryCodes, as: UInt8.self), a: factors,
      b: factors + layout.entrySlotCount, blockCount: layout.entryBlockCount, below: .infinity,
      places: places, distances: distances)
    walk.statistics.distanceEvaluationCount += layout.header.entryPointCount
    let capacity = Self.startCount + 1
    withUnsafeTemporaryAllocation(of: NeighborKey.self, capacity: 2 * capacity) { keys in
      var nearest = ReachedNodes(keys: keys.baseAddress!, capacity: Self.startCount)
      var matching = ReachedNodes(
        keys: keys.baseAddress! + capacity, capacity: Self.startCount)
      for index in 0..<scored {
        let node = UInt32(littleEndian: entries[Int(places[index])])
        guard node < UInt32(count) else { continue }
        let key = NeighborKey(distance: distances[index], node: node)
        nearest.insert(key)
        if walk.matching.contains(node) { matching.insert(key) }
      }
      for index in 0..<nearest.count { walk.start(nearest[index]) }
      for index in 0..<matching.count { walk.start(matching[index]) }
    }
    // Every node can be reached from the first entry point.
    let first = UInt32(littleEndian: entries[0])
    if scored > 0, first < UInt32(count) {
      walk.start(NeighborKey(distance: distances[0], node: first))
    }
  }

  /// Scores `samples`, matches all over the segment.
  private func start(
    _ walk: inout FilteredWalk, from samples: [UInt32], query: PreparedQuery,
    scratch: SearchScratch
  ) {
    // SAFETY: the batch has room for the samples, which are nodes.
    let node = layout.node
    let distances = scratch.distances.base
    kernels.codeDistances(
      scratch.queryCodes.base, scale: query.scale, sum: query.sum,
      pointer(to: .nodes, as: UInt8.self) + node.rowOffset, stride: node.stride, ids: samples,
      count: samples.count, dimension: dimension, into: distances)
    withUnsafeTemporaryAllocation(
      of: NeighborKey.self, capacity: Self.startCount + 1
    ) { keys in
      var nearest = ReachedNodes(keys: keys.baseAddress!, capacity: Self.startCount)
      for index in 0..<samples.count {
        nearest.insert(NeighborKey(distance: distances[index], node: samples[index]))
      }
      for index in 0..<nearest.count { walk.start(nearest[index]) }
    }
    walk.statistics.distanceEvaluationCount += samples.count
  }

  /// One hop reads one record: the codes of a node's neighbours stand beside their ids.
  private func walkFused(
    _ walk: inout FilteredWalk, query: PreparedQuery, scratch: SearchScratch
  ) {
    // SAFETY: the batch has room for the slots of a node; nodes read from the image are compared with
    // `nodeCount` before they become addresses.
    let dimension = dimension
    let node = layout.node
    let nodes = UnsafeRawPointer(pointer(to: .nodes, as: UInt8.self))
    let kernels = kernels
    let queryCodes = UnsafePointer(scratch.queryCodes.base)
    let places = scratch.batch.base
    let distances = scratch.distances.base
    var state = walk
    var distance: Float = 0
    while let current = state.popNearest() {
      if state.isLost { break }
      let record = nodes + Int(current) &* node.stride
      let next = state.next
      var ahead = record
      if next != .none {
        ahead = nodes + Int(next.node) &* node.stride
        node.prefetchAroundCodes(of: ahead)
      }
      kernels.codeDistances(
        queryCodes, scale: query.scale, sum: query.sum,
        (record + node.rowOffset).assumingMemoryBound(to: UInt8.self), stride: 0, ids: nil,
        count: 1, dimension: dimension, into: &distance)
      let found = kernels.scoreEdges(
        query.edge, base: distance,
        codes: (record + node.codesOffset).assumingMemoryBound(to: UInt8.self),
        a: (record + node.factorAOffset).assumingMemoryBound(to: UInt16.self),
        b: (record + node.factorBOffset).assumingMemoryBound(to: UInt16.self),
        blockCount: node.blockCount, below: state.threshold,
        ahead: (ahead + node.codesOffset).assumingMemoryBound(to: UInt8.self), places: places,
        distances: distances)
      let neighbors = record.assumingMemoryBound(to: UInt32.self)
      state.beginHop()
      state.add(count: found, distances: distances, kernels: kernels) {
        UInt32(littleEndian: neighbors[Int(places[$0])])
      }
      let nearest = state.next
      if nearest != next, nearest != .none {
        DistanceKernels.prefetchLines(
          nodes + Int(nearest.node) &* node.stride, byteCount: node.byteCount)
      }
      state.endHop()
    }
    state.statistics.distanceEvaluationCount +=
      state.statistics.hopCount * (maximumDegree + 1)
    walk = state
  }

  /// One hop reads a list of neighbours, then the byte code of each.
  private func walkCompact(
    _ walk: inout FilteredWalk, query: PreparedQuery, scratch: SearchScratch
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
    var state = walk
    while let current = state.popNearest() {
      if state.isLost { break }
      let neighbors = (nodes + Int(current) &* node.stride).assumingMemoryBound(to: UInt32.self)
      var fresh = 0
      for slot in 0..<node.slotCount {
        let neighbor = UInt32(littleEndian: neighbors[slot])
        // Also ends the list: an empty slot is larger than any node.
        guard neighbor < nodeCount else { continue }
        // Written over by the one after if it is not new.
        batch[fresh] = neighbor
        fresh &+= state.visited.insert(neighbor) ? 1 : 0
      }
      let next = state.next
      if next != .none {
        DistanceKernels.prefetchLines(
          nodes + Int(next.node) &* node.stride, byteCount: node.rowOffset)
      }
      kernels.codeDistances(
        queryCodes, scale: query.scale, sum: query.sum, rows, stride: node.stride, ids: batch,
        count: fresh, dimension: dimension, into: distances)
      state.statistics.distanceEvaluationCount &+= fresh
      state.beginHop()
      state.add(count: fresh, distances: distances, areNew: true, kernels: kernels) { batch[$0] }
      state.endHop()
    }
    walk = state
  }
}
