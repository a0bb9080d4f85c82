internal import VectorMath

extension Segment {
  /// Nodes that are scored in one call.
  private static let blockNodeCount = 1024
  /// Blocks of codes that are scored in one call: later ones profit from what these have found.
  private static let codeBlockCount = 32

  /// Scores all matches on their byte codes, and the nearest of those exactly.
  ///
  /// - Complexity: a distance evaluation on codes for every match.
  func scan(
    _ matches: FilterMatches, query: PreparedQuery, parameters: WalkParameters,
    scratch: SearchScratch
  ) {
    let wanted = parameters.rerankCount
    scratch.batch.reserve(Self.blockNodeCount)
    scratch.distances.reserve(Self.blockNodeCount)
    scratch.keys.reserve(min(matches.count, 2 * wanted) + Self.blockNodeCount)
    var nearest = NeighborKeys(keys: scratch.keys.base)
    var cursor = FilterMatches.Cursor()
    var threshold = Float.infinity
    while true {
      // SAFETY: batch and distances have room for a block, `keys` for what was reserved above.
      let count = matches.read(&cursor, into: scratch.batch.base, limit: Self.blockNodeCount)
      guard count > 0 else { break }
      score(count, query: query, scratch: scratch)
      let batch = scratch.batch.base
      let distances = scratch.distances.base
      for index in 0..<count where distances[index] < threshold {
        nearest.append(NeighborKey(distance: distances[index], node: batch[index]))
      }
      if nearest.count > 2 * wanted { threshold = nearest.keepLeast(wanted) }
    }
    scratch.statistics.distanceEvaluationCount += matches.count
    _ = nearest.keepLeast(wanted)
    rankExactly(nearest, query: query, scratch: scratch)
  }

  /// Scores all matches on the codes that the filter keeps of them, the nearest of those on their byte
  /// codes, and the nearest of those exactly.
  ///
  /// - Complexity: an estimate from codes for every match.
  func scan(
    _ codes: FilterCodes, query: PreparedQuery, parameters: WalkParameters,
    scratch: SearchScratch
  ) {
    let wanted = parameters.rerankCount
    let listed = min(codes.count, Self.shortlistFactor * wanted)
    let laneCount = Self.codeBlockCount * EdgeCodeShape.laneCount
    scratch.batch.reserve(max(laneCount, listed))
    scratch.distances.reserve(max(laneCount, listed))
    scratch.keys.reserve(2 * listed + laneCount)
    var nearest = NeighborKeys(keys: scratch.keys.base)
    let shape = codes.quantizer.shape
    // The walk's codes of the query are no longer needed: a scan is the last thing a search does.
    let (edgeScale, offset) = codes.quantizer.encodeQuery(
      rotated: scratch.rotated.base, into: scratch.edgeCodes.base, kernels: kernels)
    let edgeQuery = DistanceKernels.EdgeQuery(
      codes: scratch.edgeCodes.base, shape: shape, unitA: codes.quantizer.unitA,
      scale: edgeScale, offset: offset)
    let places = scratch.batch.base
    let distances = scratch.distances.base
    var threshold = Float.infinity
    for start in stride(from: 0, to: codes.blockCount, by: Self.codeBlockCount) {
      // SAFETY: whole blocks of `codes`; places and distances have room for all their lanes.
      let lane = start * EdgeCodeShape.laneCount
      let found = kernels.scoreEdges(
        edgeQuery, base: 0, codes: codes.codes + start * shape.blockByteCount,
        a: codes.a + lane, b: codes.b + lane,
        blockCount: min(Self.codeBlockCount, codes.blockCount - start), below: threshold,
        places: places, distances: distances)
      let nodes = codes.nodes + lane
      for index in 0..<found {
        nearest.append(NeighborKey(distance: distances[index], node: nodes[Int(places[index])]))
      }
      if nearest.count > 2 * listed { threshold = nearest.keepLeast(listed) }
    }
    _ = nearest.keepLeast(listed)
    for index in 0..<nearest.count { places[index] = nearest.keys[index].node }
    score(nearest.count, query: query, scratch: scratch)
    scratch.statistics.distanceEvaluationCount += codes.count + nearest.count
    var ranked = NeighborKeys(keys: scratch.keys.base)
    for index in 0..<nearest.count {
      ranked.append(NeighborKey(distance: distances[index], node: places[index]))
    }
    _ = ranked.keepLeast(wanted)
    rankExactly(ranked, query: query, scratch: scratch)
  }

  /// How many more are taken by estimates than are then ranked exactly: on Gaussian clusters, whose neighbours
  /// differ little, 6 found 0.84 to 0.95 of the nearest where 0.95 was wanted.
  private static let shortlistFactor = 24

  /// Scores the first nodes of the batch on their byte codes.
  private func score(_ count: Int, query: PreparedQuery, scratch: SearchScratch) {
    let node = layout.node
    kernels.codeDistances(
      scratch.queryCodes.base, scale: query.scale, sum: query.sum,
      pointer(to: .nodes, as: UInt8.self) + node.rowOffset, stride: node.stride,
      ids: scratch.batch.base, count: count, dimension: dimension,
      into: scratch.distances.base)
  }

  /// Ranks all matches exactly.
  func rankAll(_ matches: FilterMatches, query: PreparedQuery, scratch: SearchScratch) {
    var cursor = FilterMatches.Cursor()
    scratch.batch.reserve(Self.blockNodeCount)
    scratch.distances.reserve(Self.blockNodeCount)
    while true {
      let count = matches.read(&cursor, into: scratch.batch.base, limit: Self.blockNodeCount)
      guard count > 0 else { return }
      appendExact(count: count, query: query, scratch: scratch)
    }
  }

  private func rankExactly(
    _ nearest: NeighborKeys, query: PreparedQuery, scratch: SearchScratch
  ) {
    for start in stride(from: 0, to: nearest.count, by: Self.blockNodeCount) {
      let count = min(Self.blockNodeCount, nearest.count - start)
      scratch.batch.reserve(count)
      scratch.distances.reserve(count)
      for index in 0..<count { scratch.batch.base[index] = nearest.keys[start + index].node }
      appendExact(count: count, query: query, scratch: scratch)
    }
  }
}
