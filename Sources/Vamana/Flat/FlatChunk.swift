internal import VectorMath

/// Some rows of a flat index in one block of memory.
///
/// Indexes that were copied share chunks; whoever changes a chunk must be the only one that holds it.
final class FlatChunk: @unchecked Sendable {
  // SAFETY: changed only by the one index that holds it, between its searches; every pointer leads into
  // `memory`, which has room for `capacity` rows.
  static let rowCountMax = 4096

  /// Whole groups of rows.
  let capacity: Int
  let dimension: Int
  let metric: Metric
  private(set) var count = 0
  let vectors: UnsafeMutablePointer<Float>
  let recordIDs: UnsafeMutablePointer<UInt64>
  let codes: FlatCodes?
  private let memory: FlatMemory

  init(capacity: Int, dimension: Int, metric: Metric, keepsCodes: Bool) {
    self.capacity = capacity
    self.dimension = dimension
    self.metric = metric
    typealias Parts = (UnsafeMutablePointer<Float>, UnsafeMutablePointer<UInt64>, FlatCodes?)
    func parts(_ layout: inout FlatLayout) -> Parts {
      (
        layout.take(capacity * dimension), layout.take(capacity),
        keepsCodes
          ? FlatCodes(
            rowCapacity: capacity, dimension: dimension, metric: metric, layout: &layout) : nil
      )
    }
    var size = FlatLayout(base: nil)
    _ = parts(&size)
    memory = FlatMemory(byteCount: size.byteCount)
    var layout = FlatLayout(base: memory.base)
    (vectors, recordIDs, codes) = parts(&layout)
    for row in 0..<capacity { codes?.clear(row: row) }
  }

  /// A copy to be changed.
  convenience init(copying other: FlatChunk) {
    self.init(
      capacity: other.capacity, dimension: other.dimension, metric: other.metric,
      keepsCodes: other.codes != nil)
    memory.base.copyMemory(from: other.memory.base, byteCount: memory.byteCount)
    count = other.count
  }

  var byteCount: Int { memory.byteCount }

  var groupCount: Int { (count + FlatKernels.rowsAGroup - 1) / FlatKernels.rowsAGroup }

  func vector(_ row: Int) -> UnsafePointer<Float> { UnsafePointer(vectors + row * dimension) }

  /// Appends rows that were checked, and first those of `old` to an empty chunk; there must be room.
  func append(
    _ rows: UnsafePointer<Float>, recordIDs ids: UnsafePointer<UInt64>, count newCount: Int,
    movingFrom old: FlatChunk? = nil
  ) {
    let first = count
    if let old {
      vectors.update(from: old.vectors, count: old.count * dimension)
      recordIDs.update(from: old.recordIDs, count: old.count)
      count = old.count
    }
    precondition(count + newCount <= capacity, "no room for \(newCount) rows")
    (vectors + count * dimension).update(from: rows, count: newCount * dimension)
    (recordIDs + count).update(from: ids, count: newCount)
    if metric == .cosine {
      for row in count..<count + newCount {
        VectorValues.scaleToUnitLength(vectors + row * dimension, count: dimension)
      }
    }
    count += newCount
    guard let codes else { return }
    if first == 0 {
      codes.center.update(
        from: FloatMatrix(base: vectors, count: count, dimension: dimension).mean(),
        count: dimension)
    }
    for row in first..<count { codes.encode(vector(row), row: row) }
  }

  /// Puts a row of another place, unit length for cosine, in the place of `row`.
  func replace(_ row: Int, by vector: UnsafePointer<Float>, recordID: UInt64) {
    (vectors + row * dimension).update(from: vector, count: dimension)
    recordIDs[row] = recordID
    codes?.encode(vector, row: row)
  }

  func removeLast() {
    count -= 1
    codes?.clear(row: count)
  }
}
