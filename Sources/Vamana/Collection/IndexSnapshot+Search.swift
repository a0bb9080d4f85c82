internal import Synchronization
internal import VectorMath

extension IndexSnapshot {
  /// Finds the nearest records: exactly `min(k, matches)` of them.
  ///
  /// Each segment is walked, the largest first, then the tails are scanned exactly.
  ///
  /// - Parameters:
  ///   - query: ``dimension`` finite floats; of any length for cosine.
  ///   - filter: only these records may be returned; nil for all.
  ///   - scratch: the memory to work in; afterwards holds the hits and what the search cost.
  /// - Throws: ``VectorIndexError/vamana(_:)`` for a query of another dimension or with values that
  ///   are not finite.
  /// - Complexity: about `segments · listSize · maximumDegree + tail rows` distance evaluations on
  ///   codes.
  public func search(
    _ query: UnsafeBufferPointer<Float>, parameters: SearchParameters,
    filter: RecordFilter? = nil, scratch: VectorIndexScratch
  ) throws(VectorIndexError) {
    try scratch.begin(query, dimension: dimension, metric: metric, k: parameters.k)
    for index in searchOrder {
      do throws(VamanaError) {
        try search(
          segments[index], query: query, parameters: parameters, filter: filter,
          scratch: scratch)
      } catch {
        throw .vamana(error)
      }
    }
    for tail in tails { tail.scan(k: parameters.k, filter: filter, scratch: scratch) }
    scratch.nearest.sort(into: &scratch.hits)
  }

  /// Finds the nearest records; convenience over the form with scratch memory.
  public func search(
    _ query: [Float], parameters: SearchParameters = SearchParameters(),
    filter: RecordFilter? = nil
  ) throws(VectorIndexError) -> [SearchHit] {
    let scratch = VectorIndexScratch()
    let result = query.withUnsafeBufferPointer { query in
      Result { () throws(VectorIndexError) in
        try search(query, parameters: parameters, filter: filter, scratch: scratch)
      }
    }
    try result.get()
    return scratch.hits
  }

  /// Finds the nearest records of many queries.
  ///
  /// - Parameters:
  ///   - queries: rows of ``dimension`` floats, one after the other.
  ///   - threadCount: threads that search at once.
  /// - Returns: the hits of each query, in the order of the queries.
  public func searchBatch(
    _ queries: UnsafeBufferPointer<Float>, parameters: SearchParameters = SearchParameters(),
    filter: RecordFilter? = nil, threadCount: Int = 1
  ) throws(VectorIndexError) -> [[SearchHit]] {
    guard queries.count % dimension == 0 else {
      throw .vamana(.dimensionMismatch(got: queries.count % dimension, expected: dimension))
    }
    let queryCount = queries.count / dimension
    let queriesAPiece = 16
    let results = Mutex([[SearchHit]](repeating: [], count: queryCount))
    let failure = Mutex<VectorIndexError?>(nil)
    let workers = Workers(threadCount: threadCount)
    let scratches = WorkerScratch(count: workers.threadCount) { VectorIndexScratch() }
    // SAFETY: read by the workers only, which are done when this call returns.
    nonisolated(unsafe) let queries = queries
    workers.run(pieces: (queryCount + queriesAPiece - 1) / queriesAPiece) { piece, worker in
      for index in piece * queriesAPiece..<min(queryCount, (piece + 1) * queriesAPiece) {
        do throws(VectorIndexError) {
          let scratch = scratches[worker]
          try search(
            UnsafeBufferPointer(rebasing: queries[index * dimension..<(index + 1) * dimension]),
            parameters: parameters, filter: filter, scratch: scratch)
          let hits = scratch.hits
          results.withLock { $0[index] = hits }
        } catch {
          failure.withLock { $0 = error }
        }
      }
    }
    if let error = failure.withLock({ $0 }) { throw error }
    return results.withLock { $0 }
  }

  /// Offers the nearest living rows of a segment to the nearest hits of `scratch`.
  private func search(
    _ entry: SegmentEntry, query: UnsafeBufferPointer<Float>, parameters: SearchParameters,
    filter: RecordFilter?, scratch: VectorIndexScratch
  ) throws(VamanaError) {
    guard entry.aliveCount > 0 else { return }
    let k = parameters.k
    var wanted = k
    // The nearest records are spread over the parts of the index: each needs to find its share only.
    // Half the list finds as much in a fifth of the rows as all of it in the whole.
    let share = Double(entry.aliveCount) / Double(max(1, count))
    let whole = entry.source.segment.walkParameters(for: parameters).listSize
    var listSize =
      parameters.listSize == nil
      ? whole : Int((Double(whole) * (0.5 + 0.5 * share)).rounded(.up))
    if !entry.tombstones.isEmpty {
      // Dead rows take places in the list: make room for as many as there are by proportion.
      let growth = min(Double(entry.rowCount) / Double(entry.aliveCount), Self.growthMax)
      wanted = Int((Double(k) * growth).rounded(.up)) + 2
      listSize = Int((Double(listSize) * growth).rounded(.up))
    }
    for _ in 0..<Self.attemptMax {
      try entry.source.segment.search(
        query, parameters: SearchParameters(k: wanted, listSize: listSize, slack: parameters.slack),
        filter: filter,
        scratch: scratch.segment)
      if isEnough(scratch, of: entry, asked: wanted, k: k) { return accept(scratch, of: entry) }
      scratch.statistics += scratch.segment.statistics
      wanted = min(wanted * 4, entry.rowCount)
      listSize = max(listSize * 2, wanted)
    }
    // Nearly all rows near the query are dead: ask for the living by name.
    let living = (0..<entry.rowCount).filter { !entry.tombstones.contains($0) }
      .map { entry.source.recordIDs[$0] }
      .filter { filter?.contains($0) ?? true }
    try entry.source.segment.search(
      query, parameters: SearchParameters(k: k, listSize: listSize, slack: parameters.slack),
      filter: RecordFilter(living), scratch: scratch.segment)
    accept(scratch, of: entry)
  }

  /// How much longer a list may get for the dead, before it is known that it must.
  private static let growthMax = 4.0
  /// How often a segment is walked with a longer list each time.
  private static let attemptMax = 3

  /// Whether the hits of a segment leave no nearer living row out.
  private func isEnough(
    _ scratch: VectorIndexScratch, of entry: SegmentEntry, asked: Int, k: Int
  ) -> Bool {
    let hits = scratch.segment.hits
    guard !entry.tombstones.isEmpty, hits.count == min(asked, SearchParameters.kMax),
      let farthest = hits.last
    else { return true }
    if farthest.distance > scratch.nearest.threshold { return true }
    var alive = 0
    for hit in hits where entry.row(of: hit.recordID) != nil { alive += 1 }
    return alive >= min(k, entry.aliveCount)
  }

  private func accept(_ scratch: VectorIndexScratch, of entry: SegmentEntry) {
    scratch.statistics += scratch.segment.statistics
    let isClean = entry.tombstones.isEmpty
    for hit in scratch.segment.hits where hit.distance <= scratch.nearest.threshold {
      if isClean || entry.row(of: hit.recordID) != nil { scratch.nearest.insert(hit) }
    }
  }
}
