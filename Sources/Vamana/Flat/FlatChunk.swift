internal import VectorMath

/// Some rows of a flat index or of a fresh tail in one block of memory.
///
/// Rows get codes a whole group at a time; the few after the last whole group are scored on their
/// vectors. What is written is never moved, so that a ``FlatSlice`` stays as it was while rows are
/// appended behind it.
final class FlatChunk: @unchecked Sendable {
  // SAFETY: every pointer leads into `memory`, which has room for `capacity` rows. One thread writes at a
  // time. `append` writes behind `count` and behind the groups with codes: others may meanwhile read
  // what lies before, if its counts reached them through a mutex. Only who holds the chunk alone changes
  // rows that were there.
  static let rowCountMax = 4096

  /// Whole groups of rows.
  let capacity: Int
  let dimension: Int
  let metric: Metric
  private(set) var count = 0
  /// Groups that have codes, all of them whole.
  private(set) var codedGroupCount = 0
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
  }

  /// A copy to be changed.
  convenience init(copying other: FlatChunk) {
    self.init(
      capacity: other.capacity, dimension: other.dimension, metric: other.metric,
      keepsCodes: other.codes != nil)
    memory.base.copyMemory(from: other.memory.base, byteCount: memory.byteCount)
    count = other.count
    codedGroupCount = other.codedGroupCount
  }

  var byteCount: Int { memory.byteCount }

  func vector(_ row: Int) -> UnsafePointer<Float> { UnsafePointer(vectors + row * dimension) }

  /// Appends rows that were checked, and first those of `old` to an empty chunk; there must be room.
  func append(
    _ rows: UnsafePointer<Float>, recordIDs ids: UnsafePointer<UInt64>, count newCount: Int,
    movingFrom old: FlatChunk? = nil
  ) {
    var first = count
    if let old {
      vectors.update(from: old.vectors, count: old.count * dimension)
      recordIDs.update(from: old.recordIDs, count: old.count)
      first = old.count
    }
    precondition(first + newCount <= capacity, "no room for \(newCount) rows")
    (vectors + first * dimension).update(from: rows, count: newCount * dimension)
    (recordIDs + first).update(from: ids, count: newCount)
    if metric == .cosine {
      for row in first..<first + newCount {
        VectorValues.scaleToUnitLength(vectors + row * dimension, count: dimension)
      }
    }
    count = first + newCount
    encodeGroups()
  }

  /// Gives codes to the groups that have become whole, around the mean of the rows that were there when
  /// the first did.
  private func encodeGroups() {
    let groupCount = count / FlatKernels.rowsAGroup
    guard let codes, groupCount > codedGroupCount else { return }
    if codedGroupCount == 0 {
      codes.center.update(
        from: FloatMatrix(base: vectors, count: count, dimension: dimension).mean(),
        count: dimension)
    }
    let first = codedGroupCount * FlatKernels.rowsAGroup
    for row in first..<groupCount * FlatKernels.rowsAGroup { codes.encode(vector(row), row: row) }
    codedGroupCount = groupCount
  }

  /// Puts a row of another place, unit length for cosine, in the place of `row`.
  func replace(_ row: Int, by vector: UnsafePointer<Float>, recordID: UInt64) {
    (vectors + row * dimension).update(from: vector, count: dimension)
    recordIDs[row] = recordID
    if row < codedGroupCount * FlatKernels.rowsAGroup { codes?.encode(vector, row: row) }
  }

  func removeLast() {
    count -= 1
    codedGroupCount = min(codedGroupCount, count / FlatKernels.rowsAGroup)
  }
}
