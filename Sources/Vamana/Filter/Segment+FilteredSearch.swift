internal import VectorMath

extension Segment {
  /// Below this many matches an exact scan of them is faster than a walk that skips the rest.
  private static let scanCountMax = 20_000

  /// Finds the nearest of the records that `filter` allows: exactly `min(k, matches)`.
  ///
  /// Few matches are scanned. Many are found by walks that keep what matches, with a list that grows
  /// until `k` came back, and by a scan if even the longest does not bring them.
  func searchFiltered(
    _ query: PreparedQuery, filter: RecordFilter, parameters: WalkParameters,
    scratch: SearchScratch
  ) {
    let matches = nodes(of: filter)
    guard !matches.isEmpty else { return }
    guard matches.count > Self.scanCountMax else {
      return scan(matches, query: query, scratch: scratch)
    }
    let selectivity = Double(matches.count) / Double(count)
    let matching = NodeSet(matches, nodeCount: count)
    var grown = WalkParameters(
      k: parameters.k, listSize: Int(Double(parameters.listSize) / selectivity.squareRoot()))
    while grown.listSize < count / 8 {
      scratch.keys.reserve(min(grown.listSize, count) + 1)
      scratch.reached.reserve(grown.rerankCount + 1)
      scratch.batch.reserve(grown.rerankCount)
      scratch.distances.reserve(grown.rerankCount)
      let reached = walk(query, parameters: grown, matching: matching, scratch: scratch)
      if reached.count >= parameters.k {
        return rerank(reached, query: query, scratch: scratch)
      }
      grown = WalkParameters(k: parameters.k, listSize: grown.listSize * 4)
    }
    scan(matches, query: query, scratch: scratch)
  }

  /// Scores `nodes` exactly, all of them.
  private func scan(_ nodes: [UInt32], query: PreparedQuery, scratch: SearchScratch) {
    let blockCount = 1024
    scratch.batch.reserve(blockCount)
    scratch.distances.reserve(blockCount)
    for start in stride(from: 0, to: nodes.count, by: blockCount) {
      let end = min(nodes.count, start + blockCount)
      for index in start..<end { scratch.batch.base[index - start] = nodes[index] }
      appendExact(count: end - start, query: query, scratch: scratch)
    }
  }
}
