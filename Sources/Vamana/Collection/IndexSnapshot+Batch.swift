internal import Synchronization
internal import VectorMath

extension IndexSnapshot {
  /// Queries whose hits of single segments are kept at once.
  private static let queriesAtOnce = 4096
  /// Queries that a thread takes at once.
  private static let queriesAPiece = 16

  /// Finds the nearest records of many queries.
  ///
  /// Without a filter, segments without dead rows are asked all queries at once, each thread with several walks in
  /// turn, as by a batch of ``Segment``.
  ///
  /// - Parameters:
  ///   - queries: rows of ``dimension`` floats, one after the other.
  ///   - filter: only these records may be returned; nil for all.
  ///   - threadCount: threads that search at once.
  /// - Returns: the hits of each query, in the order of the queries.
  /// - Throws: ``VectorIndexError/vamana(_:)`` if `queries` is not a whole number of them, or with the first that is
  ///   not finite.
  /// - Complexity: that of a search for each query; the hits of up to 4,096 queries in each segment are kept meanwhile.
  public func searchBatch(
    _ queries: UnsafeBufferPointer<Float>, parameters: SearchParameters = SearchParameters(),
    filter: RecordFilter? = nil, threadCount: Int = 1
  ) throws(VectorIndexError) -> [[SearchHit]] {
    guard queries.count % dimension == 0 else {
      throw .vamana(.dimensionMismatch(got: queries.count % dimension, expected: dimension))
    }
    let queryCount = queries.count / dimension
    for row in 0..<queryCount
    where !VectorValues.areUsable(
      UnsafeBufferPointer(rebasing: queries[row * dimension..<(row + 1) * dimension]))
    {
      throw .vamana(.notFinite(row: row))
    }
    let workers = Workers(threadCount: threadCount)
    let scratches = WorkerScratch(count: workers.threadCount) { VectorIndexScratch() }
    var results: [[SearchHit]] = []
    results.reserveCapacity(queryCount)
    for start in stride(from: 0, to: queryCount, by: Self.queriesAtOnce) {
      let end = min(queryCount, start + Self.queriesAtOnce)
      results += try searchPart(
        UnsafeBufferPointer(rebasing: queries[start * dimension..<end * dimension]),
        parameters: parameters, filter: filter, workers: workers, scratches: scratches)
    }
    return results
  }

  private func searchPart(
    _ queries: UnsafeBufferPointer<Float>, parameters: SearchParameters, filter: RecordFilter?,
    workers: Workers, scratches: WorkerScratch<VectorIndexScratch>
  ) throws(VectorIndexError) -> [[SearchHit]] {
    let clean = filter == nil ? searchOrder.filter { segments[$0].tombstones.isEmpty } : []
    let others = searchOrder.filter { !clean.contains($0) }
    let found = try clean.map { index throws(VectorIndexError) in
      let entry = segments[index]
      let own = SearchParameters(
        k: parameters.k, listSize: listSize(for: entry, parameters: parameters),
        slack: parameters.slack)
      do throws(VamanaError) {
        return try entry.source.segment.searchBatch(
          queries, parameters: own, threadCount: workers.threadCount)
      } catch {
        throw .vamana(error)
      }
    }
    let queryCount = queries.count / dimension
    let results = Mutex([[SearchHit]](repeating: [], count: queryCount))
    let failure = Mutex<VectorIndexError?>(nil)
    // SAFETY: read by the workers only, which are done when this call returns.
    nonisolated(unsafe) let queries = queries
    let pieceCount = (queryCount + Self.queriesAPiece - 1) / Self.queriesAPiece
    workers.run(pieces: pieceCount) { piece, worker in
      let scratch = scratches[worker]
      let end = min(queryCount, (piece + 1) * Self.queriesAPiece)
      for index in piece * Self.queriesAPiece..<end {
        do throws(VectorIndexError) {
          try search(
            UnsafeBufferPointer(rebasing: queries[index * dimension..<(index + 1) * dimension]),
            in: others, beside: found.map { $0[index] }, parameters: parameters, filter: filter,
            scratch: scratch)
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

  /// Searches some of the segments and the tails, and joins what others have found.
  private func search(
    _ query: UnsafeBufferPointer<Float>, in others: [Int], beside found: [[SearchHit]],
    parameters: SearchParameters, filter: RecordFilter?, scratch: VectorIndexScratch
  ) throws(VectorIndexError) {
    try scratch.begin(query, dimension: dimension, metric: metric, k: parameters.k)
    for hits in found {
      for hit in hits where hit.distance <= scratch.nearest.threshold {
        scratch.nearest.insert(hit)
      }
    }
    for index in others {
      do throws(VamanaError) {
        try search(
          segments[index], query: query, parameters: parameters, filter: filter, scratch: scratch)
      } catch {
        throw .vamana(error)
      }
    }
    for tail in tails { tail.scan(k: parameters.k, filter: filter, scratch: scratch) }
    scratch.nearest.sort(into: &scratch.hits)
  }
}
