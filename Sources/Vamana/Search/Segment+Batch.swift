internal import VectorMath

extension Segment {
  /// Finds the nearest records of many queries, for work that does not wait for each answer.
  ///
  /// All threads work, and each carries several walks forward in turn: while the memory of one is on its
  /// way the others go on.
  ///
  /// - Parameters:
  ///   - queries: any number of queries of `dimension` finite floats, one after the other.
  ///   - filter: only these records may be returned; nil for all.
  ///   - threadCount: threads that search.
  /// - Returns: the hits of each query, nearest first; the same as those of ``search(_:parameters:filter:)``.
  /// - Throws: ``VamanaError/dimensionMismatch(got:expected:)`` if `queries` is not a whole number of them,
  ///   ``VamanaError/notFinite(row:)`` with the first query that is not finite.
  /// - Complexity: that of a search for each query.
  public func searchBatch(
    _ queries: UnsafeBufferPointer<Float>, parameters: SearchParameters = SearchParameters(),
    filter: RecordFilter? = nil, threadCount: Int = 1
  ) throws(VamanaError) -> [[SearchHit]] {
    guard queries.count % dimension == 0 else {
      throw .dimensionMismatch(got: queries.count % dimension, expected: dimension)
    }
    let batch = QueryBatch(self, queries: queries, parameters: parameters)
    if let row = batch.firstUnusable() { throw .notFinite(row: row) }
    return batch.run(filter: filter, workers: Workers(threadCount: threadCount))
  }

  /// Finds the nearest records of many queries; convenience over the form with a buffer.
  public func searchBatch(
    _ queries: [Float], parameters: SearchParameters = SearchParameters(),
    filter: RecordFilter? = nil, threadCount: Int = 1
  ) throws(VamanaError) -> [[SearchHit]] {
    let result = queries.withUnsafeBufferPointer { queries in
      Result { () throws(VamanaError) in
        try searchBatch(queries, parameters: parameters, filter: filter, threadCount: threadCount)
      }
    }
    return try result.get()
  }
}
