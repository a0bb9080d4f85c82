internal import VectorMath

extension DiskSegment {
  /// The walk: expands the nearest candidate until the list holds no other within the radius. Each node expanded that
  /// matches becomes a hit, with its exact distance: its record is at hand.
  ///
  /// The order is that of a walk in memory, whatever is in which cache. Where reads have to wait, those of
  /// the candidates next in the list are started early.
  ///
  /// - Parameter matching: only these nodes become hits; nil for all.
  func walk(
    _ query: PreparedQuery, parameters: WalkParameters, matching: NodeSet? = nil,
    scratch: SearchScratch
  ) throws(VamanaError) {
    // SAFETY: `prepare` made room for the slots of a node and for a record; nodes read from a record are
    // compared with `nodeCount` before they are read.
    let walk = startWalk(query, parameters: parameters, scratch: scratch)
    let nodeCount = UInt32(count)
    let node = layout.node
    let kernels = kernels
    let dimension = dimension
    let buffer = scratch.recordBuffer
    let places = scratch.batch.base
    let distances = scratch.distances.base
    let added = scratch.added.base
    let visited = walk.visited
    var pool = walk.pool
    var reached = walk.reached
    var statistics = walk.statistics
    var distance: Float = 0
    while true {
      let limit = walk.radius.limit(pool, reached, hopCount: statistics.hopCount)
      guard let current = pool.popNearest(within: limit) else { break }
      if buffer.readsWait { readAhead(of: current, and: pool, buffer: buffer) }
      let record = try record(of: current, buffer: buffer, statistics: &statistics)
      kernels.codeDistances(
        UnsafePointer(scratch.queryCodes.base), scale: query.scale, sum: query.sum,
        (record + node.rowOffset).assumingMemoryBound(to: UInt8.self), stride: 0, ids: nil,
        count: 1, dimension: dimension, into: &distance)
      let found = kernels.scoreEdges(
        query.edge, base: distance,
        codes: (record + node.codesOffset).assumingMemoryBound(to: UInt8.self),
        a: (record + node.factorAOffset).assumingMemoryBound(to: UInt16.self),
        b: (record + node.factorBOffset).assumingMemoryBound(to: UInt16.self),
        blockCount: node.blockCount, below: min(limit, pool.threshold), places: places,
        distances: distances)
      let neighbors = record.assumingMemoryBound(to: UInt32.self)
      var fresh = 0
      for index in 0..<found {
        let neighbor = UInt32(littleEndian: neighbors[Int(places[index])])
        guard neighbor < nodeCount else { continue }
        added[fresh] = NeighborKey(distance: distances[index], node: neighbor)
        fresh &+= visited.insert(neighbor) ? 1 : 0
      }
      pool.insert(added, count: fresh, kernels: kernels)
      statistics.hopCount &+= 1
      if matching?.contains(current) ?? true {
        reached.insert(NeighborKey(distance: distance, node: current))
        appendHit(of: record, query: query, scratch: scratch)
        statistics.exactDistanceEvaluationCount &+= 1
      }
    }
    statistics.distanceEvaluationCount += statistics.hopCount * (maximumDegree + 1)
    scratch.statistics += statistics
  }

  /// Starts the reads of `current` and of the nearest candidates that have not been expanded.
  private func readAhead(of current: UInt32, and pool: CandidatePool, buffer: RecordBuffer) {
    readAhead(of: current, buffer: buffer)
    var rest = options.concurrentReadCount - 1
    var index = 0
    while rest > 0, index < pool.count {
      if pool[index] & 1 == 0 {
        readAhead(of: pool[index].node, buffer: buffer)
        rest -= 1
      }
      index += 1
    }
  }

  /// Adds a hit with the exact distance of the vector in `record`.
  func appendHit(of record: UnsafeRawPointer, query: PreparedQuery, scratch: SearchScratch) {
    // SAFETY: a record holds the row and its low bytes.
    let node = layout.node
    var product: Float = 0
    kernels.wideProducts(
      metric, scratch.exactQuery.base,
      (record + node.rowOffset).assumingMemoryBound(to: UInt8.self), stride: 0,
      low: (record + node.lowOffset).assumingMemoryBound(to: Int8.self), lowStride: 0, ids: nil,
      count: 1, dimension: dimension, into: &product)
    scratch.append(
      SearchHit(
        recordID: NodeSeal.recordID(of: record, layout: node),
        distance: query.distance(ofProduct: product, metric: metric)))
  }
}
