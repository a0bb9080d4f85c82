extension VectorIndex {
  /// Finds the nearest records in the newest snapshot: exactly `min(k, matches)` of them.
  ///
  /// The same as ``IndexSnapshot/search(_:parameters:filter:scratch:)``.
  public func search(
    _ query: UnsafeBufferPointer<Float>, parameters: SearchParameters,
    filter: RecordFilter? = nil, scratch: VectorIndexScratch
  ) throws(VectorIndexError) {
    try snapshot().search(query, parameters: parameters, filter: filter, scratch: scratch)
  }

  /// Finds the nearest records; convenience over the form with scratch memory.
  public func search(
    _ query: [Float], parameters: SearchParameters = SearchParameters(),
    filter: RecordFilter? = nil
  ) throws(VectorIndexError) -> [SearchHit] {
    try snapshot().search(query, parameters: parameters, filter: filter)
  }

  /// Finds the nearest records of many queries, all in one snapshot.
  public func searchBatch(
    _ queries: UnsafeBufferPointer<Float>, parameters: SearchParameters = SearchParameters(),
    filter: RecordFilter? = nil, threadCount: Int = 1
  ) throws(VectorIndexError) -> [[SearchHit]] {
    try snapshot().searchBatch(
      queries, parameters: parameters, filter: filter, threadCount: threadCount)
  }

  /// Finds the nearest records of many queries, all in one snapshot; convenience over the form with a buffer.
  public func searchBatch(
    _ queries: [Float], parameters: SearchParameters = SearchParameters(),
    filter: RecordFilter? = nil, threadCount: Int = 1
  ) throws(VectorIndexError) -> [[SearchHit]] {
    let result = queries.withUnsafeBufferPointer { queries in
      Result { () throws(VectorIndexError) in
        try searchBatch(queries, parameters: parameters, filter: filter, threadCount: threadCount)
      }
    }
    return try result.get()
  }
}
