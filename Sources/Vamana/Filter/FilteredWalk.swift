internal import VectorMath

/// A walk towards the nearest matching nodes.
///
/// Matching and other nodes met wait in a list each, and the nearest of both is expanded next. Others only
/// show the way: they are expanded while that brings matches among the nearest `k` every now and then.
/// What is left of the matches is expanded in any case, so that matches far from the query, all in one
/// place, are found as well: there they lead to each other.
struct FilteredWalk {
  let segment: Segment
  let query: PreparedQuery
  let matching: NodeSet
  let scratch: SearchScratch
  let visited: VisitedTable
  var matches: CandidatePool
  var others: CandidatePool
  var statistics = SearchStatistics()
}

extension Segment {
  func walk(
    to matches: FilterMatches, query: PreparedQuery, plan: FilterPlan, scratch: SearchScratch
  ) -> CandidatePool {
    let entrySlots = layout.entryBlockCount * EdgeCodeShape.laneCount
    let batchSize = max(entrySlots, layout.node.slotCount, plan.matchListSize, matches.samples.count)
    scratch.keys.reserve(plan.otherListSize + 1)
    scratch.reached.reserve(plan.matchListSize + 1)
    scratch.batch.reserve(batchSize)
    scratch.distances.reserve(batchSize)
    var walk = FilteredWalk(
      segment: self, query: query, matching: matches.nodes, scratch: scratch,
      visited: scratch.visitedTable(expectedCount: 8 * (plan.matchListSize + plan.otherListSize)),
      matches: CandidatePool(keys: scratch.reached.base, capacity: plan.matchListSize),
      others: CandidatePool(keys: scratch.keys.base, capacity: plan.otherListSize))
    walk.start(from: matches.samples)
    if layout.header.isFused {
      walk.runFused(plan: plan)
    } else {
      walk.runCompact(plan: plan)
    }
    scratch.statistics += walk.statistics
    return walk.matches
  }
}

extension FilteredWalk {
  /// How many of the entry points of the segment, and how many of the matching ones, a walk starts from.
  private static let startCount = envST

  mutating func start(from samples: [UInt32]) {
    let layout = segment.layout
    let kernels = segment.kernels
    let entries = segment.pointer(to: .entryPoints, as: UInt32.self)
    let factors = segment.pointer(to: .entryFactors, as: UInt16.self)
    let slotCount = layout.entryBlockCount * EdgeCodeShape.laneCount
    let places = scratch.batch.base
    let distances = scratch.distances.base
    let scored = kernels.scoreEdges(
      query.edge, base: 0, codes: segment.pointer(to: .entryCodes, as: UInt8.self), a: factors,
      b: factors + slotCount, blockCount: layout.entryBlockCount, below: .infinity,
      places: places, distances: distances)
    statistics.distanceEvaluationCount += layout.header.entryPointCount
    let nodeCount = UInt32(segment.count)
    withUnsafeTemporaryAllocation(of: NeighborKey.self, capacity: 2 * (Self.startCount + 1)) { keys in
      let base = keys.baseAddress!
      var nearest = ReachedNodes(keys: base, capacity: Self.startCount)
      var nearestMatching = ReachedNodes(
        keys: base + Self.startCount + 1, capacity: Self.startCount)
      for index in 0..<scored {
        let node = UInt32(littleEndian: entries[Int(places[index])])
        guard node < nodeCount else { continue }
        let key = NeighborKey(distance: distances[index], node: node)
        nearest.insert(key)
        if matching.contains(node) { nearestMatching.insert(key) }
      }
      for index in 0..<nearest.count { add(nearest[index]) }
      for index in 0..<nearestMatching.count { add(nearestMatching[index]) }
    }
    for index in 0..<min(envS, samples.count) { places[index] = samples[index] }
    let count = min(envS, samples.count)
    let node = layout.node
    kernels.codeDistances(
      scratch.queryCodes.base, scale: query.scale, sum: query.sum,
      segment.pointer(to: .nodes, as: UInt8.self) + node.rowOffset, stride: node.stride,
      ids: places, count: count, dimension: segment.dimension, into: distances)
    withUnsafeTemporaryAllocation(of: NeighborKey.self, capacity: Self.startCount + 1) { keys in
      var nearest = ReachedNodes(keys: keys.baseAddress!, capacity: Self.startCount)
      for index in 0..<count {
        nearest.insert(NeighborKey(distance: distances[index], node: places[index]))
      }
      for index in 0..<nearest.count { add(nearest[index]) }
    }
    statistics.distanceEvaluationCount += count
  }

  private mutating func add(_ key: NeighborKey) {
    guard visited.insert(key.node) else { return }
    if matching.contains(key.node) { matches.insert(key) } else { others.insert(key) }
  }

  mutating func runFused(plan: FilterPlan) {
    let nodeCount = UInt32(segment.count)
    let dimension = segment.dimension
    let node = segment.layout.node
    let nodes = UnsafeRawPointer(segment.pointer(to: .nodes, as: UInt8.self))
    let kernels = segment.kernels
    let queryCodes = UnsafePointer(scratch.queryCodes.base)
    let places = scratch.batch.base
    let distances = scratch.distances.base
    let visited = visited
    let matching = matching
    let query = query
    var matches = matches
    var others = others
    var patience = plan.patience
    var matchPatience = plan.matchPatience
    let thresholdPlace = plan.thresholdPlace
    var hopCount = 0
    let k = plan.k
    var distance: Float = 0
    while true {
      let match = matches.next
      let other = others.next
      let isOther =
        other < match && patience > 0
        && (matches.count < thresholdPlace || other < matches[thresholdPlace &- 1])
      let current: UInt32
      if isOther {
        current = other.node
        _ = others.popNearest()
        patience &-= 1
      } else {
        guard matchPatience > 0, let node = matches.popNearest() else { break }
        current = node
        matchPatience &-= 1
      }
      let record = nodes + Int(current) &* node.stride
      let next = min(matches.next, others.next)
      if next != .none {
        DistanceKernels.prefetchLines(
          nodes + Int(next.node) &* node.stride, byteCount: node.byteCount)
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
        blockCount: node.blockCount, below: max(matches.threshold, others.threshold),
        places: places, distances: distances)
      let neighbors = record.assumingMemoryBound(to: UInt32.self)
      var nearest = 0
      for index in 0..<found where distances[index] < distances[nearest] { nearest = index }
      if found > 0 {
        let neighbor = UInt32(littleEndian: neighbors[Int(places[nearest])])
        if neighbor < nodeCount, NeighborKey(distance: distances[nearest], node: neighbor) < next,
          !visited.contains(neighbor)
        {
          DistanceKernels.prefetchLines(
            nodes + Int(neighbor) &* node.stride, byteCount: node.byteCount)
        }
      }
      let best = matches.count >= k ? matches[k &- 1].distance : .infinity
      var isImproved = false
      for index in 0..<found {
        let neighbor = UInt32(littleEndian: neighbors[Int(places[index])])
        guard neighbor < nodeCount else { continue }
        let distance = distances[index]
        if matching.contains(neighbor) {
          guard distance < matches.threshold, visited.insert(neighbor) else { continue }
          matches.insert(NeighborKey(distance: distance, node: neighbor))
          if distance < best { isImproved = true }
        } else {
          guard distance < others.threshold, visited.insert(neighbor) else { continue }
          others.insert(NeighborKey(distance: distance, node: neighbor))
        }
      }
      if isImproved {
        if isOther { patience = plan.patience } else { matchPatience = plan.matchPatience }
      }
      hopCount &+= 1
    }
    self.matches = matches
    self.others = others
    statistics.hopCount = hopCount
    statistics.distanceEvaluationCount += hopCount * (segment.maximumDegree + 1)
  }

  mutating func runCompact(plan: FilterPlan) {
  }
}
