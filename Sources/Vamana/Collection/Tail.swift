internal import VectorMath

/// A tail as the writer knows it: rows that searches scan, until a segment is built of them.
struct Tail {
  private(set) var rows: FlatStore
  /// The living row of each record.
  private var slots: [UInt64: UInt32] = [:]
  private(set) var tombstones = Tombstones()
  /// The number of the first operation that put a row here: no other tail has the same.
  let firstOperation: UInt64
  /// Whether a thread builds a segment of it.
  var isBeingSealed = false

  init(dimension: Int, metric: Metric, firstOperation: UInt64) {
    rows = FlatStore(dimension: dimension, metric: metric, keepsCodes: true)
    self.firstOperation = firstOperation
  }

  var count: Int { rows.count }
  var aliveCount: Int { rows.count - tombstones.count }

  /// What readers may see now.
  var view: TailView { TailView(rows: rows.view, tombstones: tombstones) }

  /// Appends vectors that were checked; rows that held the records die.
  mutating func append(
    _ vectors: UnsafePointer<Float>, recordIDs: UnsafeBufferPointer<UInt64>
  ) {
    for (offset, recordID) in recordIDs.enumerated() {
      let row = UInt32(rows.count + offset)
      if let old = slots.updateValue(row, forKey: recordID) { tombstones.insert(Int(old)) }
    }
    rows.append(vectors, recordIDs: recordIDs, sharing: .views)
  }

  /// Deletes a record; returns whether it was here and alive.
  mutating func delete(_ recordID: UInt64) -> Bool {
    guard let row = slots.removeValue(forKey: recordID) else { return false }
    return tombstones.insert(Int(row))
  }

  func contains(_ recordID: UInt64) -> Bool { slots[recordID] != nil }
}
