public import VectorMath

/// Exact search: an index that returns the true nearest records, always.
///
/// It needs no build and no parameters: rows can be appended and removed at any time. A search rules out
/// most rows on codes of half a byte or a byte a component, with a bound on their error, and scores the
/// others on their vectors. The hits are the same as if all had been scored in single precision on this
/// machine, whatever the number of threads or the size of the batch.
///
/// ```swift
/// var index = try FlatIndex(dimension: 384, metric: .cosine)
/// try index.append(vectors, recordIDs: ids)
/// let hits = try index.search(query, k: 10)
/// ```
///
/// A value: copies share the memory of what has not been changed since. Any number of threads may search
/// one at once.
public struct FlatIndex: Sendable {
  /// The rows, one for each record.
  var store: FlatStore
  /// The row of each record; nil as long as record ids ascend.
  var rows: [UInt64: UInt32]?

  /// An empty index.
  ///
  /// - Parameters:
  ///   - dimension: components of a vector, 1 to 65,536.
  ///   - keepsCodes: whether codes are kept beside the vectors; never beyond 32,768 components.
  /// - Throws: ``VamanaError/invalidConfiguration(field:value:expected:)`` for another dimension.
  public init(dimension: Int, metric: Metric, keepsCodes: Bool = true) throws(VamanaError) {
    guard (1...65_536).contains(dimension) else {
      throw .invalidConfiguration(
        field: "dimension", value: "\(dimension)", expected: "1 to 65536")
    }
    store = FlatStore(dimension: dimension, metric: metric, keepsCodes: keepsCodes)
  }

  public var dimension: Int { store.dimension }
  public var metric: Metric { store.metric }
  /// Whether codes are kept beside the vectors: a quarter of their memory more, and several times the
  /// speed.
  public var keepsCodes: Bool { store.keepsCodes }
  /// Records.
  public var count: Int { store.count }

  /// Bytes of vectors, codes and record ids in memory.
  public var byteCount: Int { store.byteCount }

  /// The record of each place.
  public var recordIDs: [UInt64] {
    store.chunks.flatMap { UnsafeBufferPointer(start: $0.recordIDs, count: $0.count) }
  }

  /// The stored vector in place `index` (unit length for cosine).
  public func vector(at index: Int) -> [Float] {
    precondition((0..<count).contains(index), "place \(index) of \(count)")
    return Array(UnsafeBufferPointer(start: store.vector(at: index), count: dimension))
  }

  /// The stored vector of a record (unit length for cosine), or nil if it is not in the index.
  public func vector(of recordID: UInt64) -> [Float]? { row(of: recordID).map(vector(at:)) }

  public func contains(_ recordID: UInt64) -> Bool { row(of: recordID) != nil }

  func recordID(at row: Int) -> UInt64 { store.recordID(at: row) }

  /// The place of a record.
  func row(of recordID: UInt64) -> Int? {
    if let rows { return rows[recordID].map(Int.init) }
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if self.recordID(at: middle) < recordID { low = middle + 1 } else { high = middle }
    }
    return low < count && self.recordID(at: low) == recordID ? low : nil
  }
}
