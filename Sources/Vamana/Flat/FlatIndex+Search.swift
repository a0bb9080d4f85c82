internal import Synchronization
internal import VectorMath

extension FlatIndex {
  /// The nearest `k` records, nearest first; the lower id where distances are equal.
  ///
  /// - Parameters:
  ///   - query: `dimension` floats; need not have unit length for cosine.
  ///   - k: how many; all records if there are fewer.
  ///   - filter: the records that may come back; all if nil.
  /// - Throws: ``VamanaError/dimensionMismatch(got:expected:)`` or ``VamanaError/notFinite(row:)``.
  /// - Complexity: `count` distance evaluations on codes, and on vectors for what they do not rule out.
  public func search(
    _ query: UnsafeBufferPointer<Float>, k: Int, filter: RecordFilter? = nil
  ) throws(VamanaError) -> [SearchHit] {
    guard query.count == dimension else {
      throw .dimensionMismatch(got: query.count, expected: dimension)
    }
    return try searchBatch(query, k: k, filter: filter, threadCount: 1)[0]
  }

  /// The nearest `k` records of each query: the same as one search after the other, but faster.
  ///
  /// - Parameters:
  ///   - queries: rows of `dimension` floats, one after the other.
  ///   - threadCount: threads that search.
  /// - Throws: ``VamanaError/dimensionMismatch(got:expected:)`` if the rows do not come out even, or
  ///   ``VamanaError/notFinite(row:)``.
  /// - Complexity: as ``search(_:k:filter:)`` for each query; codes are read once for 250 of them.
  public func searchBatch(
    _ queries: UnsafeBufferPointer<Float>, k: Int, filter: RecordFilter? = nil, threadCount: Int = 1
  ) throws(VamanaError) -> [[SearchHit]] {
    guard queries.count % dimension == 0 else {
      throw .dimensionMismatch(got: queries.count % dimension, expected: dimension)
    }
    let queryCount = queries.count / dimension
    guard queryCount > 0, let base = queries.baseAddress else { return [] }
    // SAFETY: `queries` holds `queryCount` rows; `prepared` has room for as many, and outlives the run.
    let prepared = FloatBuffer(count: queries.count)
    prepared.base.update(from: base, count: queries.count)
    for query in 0..<queryCount {
      let row = prepared.base + query * dimension
      guard VectorValues.areUsable(UnsafeBufferPointer(start: row, count: dimension)) else {
        throw .notFinite(row: query)
      }
      if metric == .cosine { VectorValues.scaleToUnitLength(row, count: dimension) }
    }
    let rows = filter.flatMap(listedRows)
    let view = store.view
    let results = Mutex([[SearchHit]](repeating: [], count: queryCount))
    let workers = Workers(threadCount: threadCount)
    let share = FlatSearch.queriesAPiece(queryCount: queryCount, threadCount: workers.threadCount)
    workers.run(pieces: (queryCount + share - 1) / share) { piece, _ in
      let range = piece * share..<min(queryCount, (piece + 1) * share)
      let search = FlatSearch(dimension: dimension, metric: metric, count: range.count)
      search.begin(
        view, queries: prepared.base + range.lowerBound * dimension, k: k,
        selection: FlatSelection(filter: filter))
      if let rows { search.score(rows) } else { search.scan() }
      let found = search.finish()
      results.withLock { $0.replaceSubrange(range, with: found) }
    }
    return results.withLock { $0 }
  }

  /// The rows of a filter's records if these are few: then each is scored.
  private func listedRows(_ filter: RecordFilter) -> [Int]? {
    guard filter.count <= max(64, count / 16) else { return nil }
    return filter.records.compactMap(row(of:)).sorted()
  }
}
