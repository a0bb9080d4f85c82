internal import VectorMath

extension DiskSegment {
  /// Finds the nearest records.
  ///
  /// The walk of ``Segment/search(_:parameters:filter:scratch:)``, with a read of one record a hop. All
  /// nodes expanded get their exact distance, so recall at a list size is that in memory or a little
  /// more.
  ///
  /// - Parameters:
  ///   - query: `dimension` finite floats; of any length for cosine.
  ///   - filter: only these records may be returned; nil for all.
  ///   - scratch: the memory to work in; afterwards holds the hits (`min(k, matches)` of them) and
  ///     what the search cost.
  /// - Throws: ``VamanaError/dimensionMismatch(got:expected:)``, ``VamanaError/notFinite(row:)``, or
  ///   ``VamanaError/fileFailed(path:offset:problem:)`` where the file cannot be read or is damaged.
  /// - Complexity: about `listSize` reads and `listSize · maximumDegree` estimates from codes.
  public func search(
    _ query: UnsafeBufferPointer<Float>, parameters: SearchParameters, filter: RecordFilter? = nil,
    scratch: SearchScratch
  ) throws(VamanaError) {
    let parameters = walkParameters(for: parameters)
    scratch.beginHits()
    let prepared = try prepare(query, scratch: scratch, parameters: parameters)
    guard count > 0 else { return }
    scratch.recordBuffer.prepare(byteCount: layout.node.readByteCount)
    if let filter {
      try searchFiltered(prepared, filter: filter, parameters: parameters, scratch: scratch)
    } else {
      try walk(prepared, parameters: parameters, scratch: scratch)
    }
    scratch.finishDistinctHits(k: parameters.k)
  }

  /// Finds the nearest records; convenience over the form with scratch memory.
  public func search(
    _ query: [Float], parameters: SearchParameters = SearchParameters(),
    filter: RecordFilter? = nil
  ) throws(VamanaError) -> [SearchHit] {
    let scratch = SearchScratch()
    let result = query.withUnsafeBufferPointer { query in
      Result { () throws(VamanaError) in
        try search(query, parameters: parameters, filter: filter, scratch: scratch)
      }
    }
    try result.get()
    return scratch.hits
  }

  /// Finds the nearest of the records that `filter` allows: exactly `min(k, matches)`.
  ///
  /// By walks that keep what matches, with a list that grows until `k` came back, as long as a walk reads
  /// less than all matches are; else by reading those.
  private func searchFiltered(
    _ query: PreparedQuery, filter: RecordFilter, parameters: WalkParameters,
    scratch: SearchScratch
  ) throws(VamanaError) {
    let matches = try filter.matches(in: self)
    guard matches.count > 0 else { return }
    let selectivity = Double(matches.count) / Double(count)
    var grown = WalkParameters(
      k: parameters.k, listSize: Int(Double(parameters.listSize) / selectivity.squareRoot()))
    while grown.listSize < min(matches.count / 2, count / 8) {
      scratch.keys.reserve(min(grown.listSize, count) + 1)
      scratch.reached.reserve(grown.rerankCount + 1)
      try walk(query, parameters: grown, matching: matches.nodes, scratch: scratch)
      scratch.finishDistinctHits(k: parameters.k)
      if scratch.hits.count == parameters.k { return }
      grown = WalkParameters(k: parameters.k, listSize: grown.listSize * 4)
    }
    try scan(matches, query: query, scratch: scratch)
  }

  /// Reads and scores all matches.
  private func scan(
    _ matches: FilterMatches, query: PreparedQuery, scratch: SearchScratch
  ) throws(VamanaError) {
    let buffer = scratch.recordBuffer
    var statistics = SearchStatistics()
    var cursor = FilterMatches.Cursor()
    var nodes = [UInt32](repeating: 0, count: max(1, options.concurrentReadCount))
    while true {
      let found = matches.read(&cursor, into: &nodes, limit: nodes.count)
      guard found > 0 else { break }
      if buffer.readsWait {
        for node in nodes.prefix(found) { readAhead(of: node, buffer: buffer) }
      }
      for node in nodes.prefix(found) {
        let record = try record(of: node, buffer: buffer, statistics: &statistics)
        appendHit(of: record, query: query, scratch: scratch)
      }
    }
    statistics.exactDistanceEvaluationCount += matches.count
    scratch.statistics += statistics
  }
}
