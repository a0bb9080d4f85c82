internal import VectorMath

/// A tail as the writer knows it.
struct Tail {
  let rows: TailRows
  /// The living row of each record.
  private var slots: [UInt64: UInt32] = [:]
  private(set) var tombstones = Tombstones()
  /// The number of the first operation that put a row here.
  let firstOperation: UInt64
  /// Whether a thread builds a segment of it.
  var isBeingSealed = false

  init(rows: TailRows, firstOperation: UInt64) {
    self.rows = rows
    self.firstOperation = firstOperation
  }

  var count: Int { rows.count }
  var aliveCount: Int { rows.count - tombstones.count }

  /// What readers may see now.
  var view: TailView { TailView(rows: rows, count: rows.count, tombstones: tombstones) }

  /// Appends a vector that was checked; a row that held the record dies.
  mutating func append(_ vector: UnsafePointer<Float>, recordID: UInt64) {
    let row = UInt32(rows.count)
    rows.append(vector, recordID: recordID)
    if let old = slots.updateValue(row, forKey: recordID) { tombstones.insert(Int(old)) }
  }

  /// Deletes a record; returns whether it was here and alive.
  mutating func delete(_ recordID: UInt64) -> Bool {
    guard let row = slots.removeValue(forKey: recordID) else { return false }
    return tombstones.insert(Int(row))
  }

  func contains(_ recordID: UInt64) -> Bool { slots[recordID] != nil }
}

/// The rows of a tail that a snapshot sees: a prefix, and which of it is dead.
struct TailView: Sendable {
  let rows: TailRows
  let count: Int
  let tombstones: Tombstones

  var aliveCount: Int { count - tombstones.count }

  /// The living row of `recordID`, or nil.
  ///
  /// - Complexity: O(count): readers have no table.
  func row(of recordID: UInt64) -> Int? {
    (0..<count).last { rows.recordID(of: $0) == recordID && !tombstones.contains($0) }
  }
}
