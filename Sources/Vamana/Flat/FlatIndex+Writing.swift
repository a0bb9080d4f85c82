internal import VectorMath

extension FlatIndex {
  /// Adds a vector (scaled to unit length for cosine).
  ///
  /// - Parameter vector: `dimension` finite floats; of any length for cosine.
  /// - Throws: ``VamanaError/dimensionMismatch(got:expected:)``, ``VamanaError/notFinite(row:)``,
  ///   ``VamanaError/duplicateRecordID(_:)``.
  public mutating func append(
    _ vector: UnsafeBufferPointer<Float>, recordID: UInt64
  ) throws(VamanaError) {
    guard vector.count == dimension else {
      throw .dimensionMismatch(got: vector.count, expected: dimension)
    }
    try append(vector, recordIDs: [recordID])
  }

  /// Adds vectors (scaled to unit length for cosine): all of them, or none if one is refused.
  ///
  /// - Parameters:
  ///   - vectors: a row of `dimension` floats for each of `recordIDs`, one after the other.
  ///   - recordIDs: ids that are not in the index, in any order. Ascending ones need no table.
  ///   - threadCount: threads that copy and encode.
  /// - Throws: ``VamanaError/countMismatch(vectors:recordIDs:)`` where there are more or fewer rows than
  ///   ids, ``VamanaError/dimensionMismatch(got:expected:)`` where they do not come out even,
  ///   ``VamanaError/notFinite(row:)`` with the number of the row in `vectors`,
  ///   ``VamanaError/duplicateRecordID(_:)``, ``VamanaError/tooManyVectors(count:limit:)``.
  public mutating func append(
    _ vectors: UnsafeBufferPointer<Float>, recordIDs: [UInt64], threadCount: Int = 1
  ) throws(VamanaError) {
    guard vectors.count == dimension * recordIDs.count else {
      throw mismatch(valueCount: vectors.count, recordIDCount: recordIDs.count)
    }
    guard let base = vectors.baseAddress, !recordIDs.isEmpty else { return }
    let total = count + recordIDs.count
    guard total <= Int(UInt32.max) else {
      throw .tooManyVectors(count: total, limit: Int(UInt32.max))
    }
    // SAFETY: rows end at the last value, as was checked.
    for row in recordIDs.indices {
      let values = UnsafeBufferPointer(start: base + row * dimension, count: dimension)
      guard VectorValues.areUsable(values) else { throw .notFinite(row: row) }
    }
    try register(recordIDs)
    recordIDs.withUnsafeBufferPointer {
      store.append(
        base, recordIDs: $0, sharing: .copies, workers: Workers(threadCount: threadCount))
    }
  }

  /// What is wrong with values that are not as many as the ids ask for.
  private func mismatch(valueCount: Int, recordIDCount: Int) -> VamanaError {
    if valueCount % dimension == 0 {
      return .countMismatch(vectors: valueCount / dimension, recordIDs: recordIDCount)
    }
    // Rows of another dimension, or a last row that is cut off: never the right dimension.
    return .dimensionMismatch(
      got: recordIDCount > 0 && valueCount % recordIDCount == 0
        ? valueCount / recordIDCount : valueCount % dimension,
      expected: dimension)
  }

  /// Removes records; the last ones take their places.
  ///
  /// - Returns: how many of them were in the index.
  /// - Complexity: O(`dimension`) a record, and O(`count`) once if it is the first that is not the last.
  @discardableResult
  public mutating func remove(_ recordIDs: some Sequence<UInt64>) -> Int {
    let before = count
    for recordID in recordIDs {
      guard let row = row(of: recordID) else { continue }
      let last = count - 1
      if row != last {
        tabulate()
        let moved = self.recordID(at: last)
        rows?[moved] = UInt32(row)
        store.moveLast(to: row)
      }
      rows?[recordID] = nil
      store.removeLast()
    }
    if count == 0 { rows = nil }
    return before - count
  }
}

extension FlatIndex {
  /// Checks that ids are new, and takes them up.
  private mutating func register(_ recordIDs: [UInt64]) throws(VamanaError) {
    if rows == nil, count == 0 || recordID(at: count - 1) < recordIDs[0], ascend(recordIDs) {
      return
    }
    if recordIDs.count == 1 {
      if contains(recordIDs[0]) { throw .duplicateRecordID(recordIDs[0]) }
    } else {
      var seen = Set<UInt64>(minimumCapacity: recordIDs.count)
      for id in recordIDs where contains(id) || !seen.insert(id).inserted {
        throw .duplicateRecordID(id)
      }
    }
    tabulate()
    let first = count
    for (offset, id) in recordIDs.enumerated() { rows?[id] = UInt32(first + offset) }
  }

  private func ascend(_ recordIDs: [UInt64]) -> Bool {
    var index = 1
    while index < recordIDs.count, recordIDs[index - 1] < recordIDs[index] { index += 1 }
    return index >= recordIDs.count
  }

  /// Makes the table of rows, for ids that no longer ascend.
  private mutating func tabulate() {
    guard rows == nil else { return }
    var table = [UInt64: UInt32](minimumCapacity: count)
    for row in 0..<count { table[recordID(at: row)] = UInt32(row) }
    rows = table
  }
}
