extension FlatIndex {
  /// Adds a vector; convenience over ``append(_:recordID:)-(UnsafeBufferPointer<Float>,_)``.
  public mutating func append(_ vector: [Float], recordID: UInt64) throws(VamanaError) {
    try vector.withUnsafeBufferPointer { (vector) throws(VamanaError) in
      try append(vector, recordID: recordID)
    }
  }

  /// Adds vectors; convenience over
  /// ``append(_:recordIDs:threadCount:)-(UnsafeBufferPointer<Float>,_,_)``.
  public mutating func append(
    _ vectors: [Float], recordIDs: [UInt64], threadCount: Int = 1
  ) throws(VamanaError) {
    try vectors.withUnsafeBufferPointer { (vectors) throws(VamanaError) in
      try append(vectors, recordIDs: recordIDs, threadCount: threadCount)
    }
  }

  /// The nearest `k` records; convenience over ``search(_:k:filter:)-(UnsafeBufferPointer<Float>,_,_)``.
  public func search(
    _ query: [Float], k: Int, filter: RecordFilter? = nil
  ) throws(VamanaError) -> [SearchHit] {
    try query.withUnsafeBufferPointer { (query) throws(VamanaError) in
      try search(query, k: k, filter: filter)
    }
  }

  /// The nearest `k` records of each query; convenience over
  /// ``searchBatch(_:k:filter:threadCount:)-(UnsafeBufferPointer<Float>,_,_,_)``.
  public func searchBatch(
    _ queries: [Float], k: Int, filter: RecordFilter? = nil, threadCount: Int = 1
  ) throws(VamanaError) -> [[SearchHit]] {
    try queries.withUnsafeBufferPointer { (queries) throws(VamanaError) in
      try searchBatch(queries, k: k, filter: filter, threadCount: threadCount)
    }
  }
}
