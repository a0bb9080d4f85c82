internal import VectorMath

extension Segment {
  /// Nodes that are scored in one call.
  private static let blockNodeCount = 1024

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

  /// Scores the codes of matches in the groups near the query, the nearest of those on their byte codes, and
  /// the nearest of these exactly.
  ///
  /// - Complexity: a distance evaluation for each centre, and on codes for each match near the query.
  func scan(
    _ prepared: FilterMatches.Prepared, query: PreparedQuery, parameters: WalkParameters,
    scratch: SearchScratch
  ) {
    let loss = recallCurve.loss(atListSize: parameters.listSize, k: parameters.k)
    let codes = prepared.codes
    let wanted = parameters.rerankCount
    var scan = GroupScan(
      codes, in: self, query: query, k: parameters.k,
      reach: prepared.calibration.reach(loss: loss),
      margin: prepared.calibration.margin(loss: loss),
      scratch: scratch)
    scan.run()
    let nearest = scan.candidates
    let places = scratch.batch.base
    let distances = scratch.distances.base
    for index in 0..<nearest.count { places[index] = nearest.keys[index].node }
    score(nearest.count, query: query, scratch: scratch)
    scratch.statistics.distanceEvaluationCount +=
      codes.groupIDs.count + scan.scoredCount + nearest.count
    var ranked = NeighborKeys(keys: scratch.keys.base)
    for index in 0..<nearest.count {
      ranked.append(NeighborKey(distance: distances[index], node: places[index]))
    }
    _ = ranked.keepLeast(wanted)
    rankExactly(ranked, query: query, scratch: scratch)
  }

  /// Scores the first nodes of the batch on their byte codes.
  func score(_ count: Int, query: PreparedQuery, scratch: SearchScratch) {
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
