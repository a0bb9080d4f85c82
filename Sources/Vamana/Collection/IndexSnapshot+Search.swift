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

  /// Offers the nearest living rows of a segment to the nearest hits of `scratch`.
  func search(
    _ entry: SegmentEntry, query: UnsafeBufferPointer<Float>, parameters: SearchParameters,
    filter: RecordFilter?, scratch: VectorIndexScratch
  ) throws(VamanaError) {
    guard entry.aliveCount > 0 else { return }
    let k = parameters.k
    var wanted = k
    var listSize = listSize(for: entry, parameters: parameters)
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

  /// The list with which a segment is searched, dead rows left out of account.
  func listSize(for entry: SegmentEntry, parameters: SearchParameters) -> Int {
    // The nearest records are spread over the parts of the index: each needs to find its share only.
    // Half the list finds as much in a fifth of the rows as all of it in the whole.
    let share = Double(entry.aliveCount) / Double(max(1, count))
    let whole = entry.source.segment.walkParameters(for: parameters).listSize
    return parameters.listSize == nil
      ? whole : Int((Double(whole) * (0.5 + 0.5 * share)).rounded(.up))
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
