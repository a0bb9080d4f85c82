internal import Synchronization
internal import VectorMath

extension VectorIndex {
  /// Inserts vectors; one whose record is there already replaces it, and of two in one batch the
  /// later counts.
  ///
  /// Searches that start when the call returns find the rows. While as many tails wait for a segment
  /// as the configuration allows the call waits for the background, so do not call it where a thread
  /// must not block.
  ///
  /// - Parameters:
  ///   - vectors: `recordIDs.count` rows of ``dimension`` finite floats, one after the other; of any
  ///     length for cosine.
  ///   - recordIDs: the caller's id of each row, in any order.
  /// - Throws: ``VectorIndexError/countMismatch(vectors:recordIDs:)`` or
  ///   ``VectorIndexError/vamana(_:)`` before anything is inserted;
  ///   ``VectorIndexError/closed``; ``VectorIndexError/maintenanceFailed(problem:)`` when there is no
  ///   room because the background failed: rows before may be inserted then, and the call can be
  ///   repeated.
  /// - Complexity: O(rows · (dimension + segments · log rows)); ids that ascend save the segments.
  public func insert(
    _ vectors: UnsafeBufferPointer<Float>, recordIDs: [UInt64]
  ) throws(VectorIndexError) {
    guard vectors.count == recordIDs.count * dimension else {
      guard vectors.count % dimension == 0 else {
        throw .vamana(
          .dimensionMismatch(
            got: recordIDs.isEmpty ? vectors.count : vectors.count / recordIDs.count,
            expected: dimension))
      }
      throw .countMismatch(vectors: vectors.count / dimension, recordIDs: recordIDs.count)
    }
    for row in recordIDs.indices {
      let values = UnsafeBufferPointer(rebasing: vectors[row * dimension..<(row + 1) * dimension])
      guard VectorValues.areUsable(values) else { throw .vamana(.notFinite(row: row)) }
    }
    try core.insert(vectors, recordIDs: recordIDs)
  }

  /// Inserts vectors given in an array, one after the other.
  public func insert(_ vectors: [Float], recordIDs: [UInt64]) throws(VectorIndexError) {
    let result = vectors.withUnsafeBufferPointer { vectors in
      Result { () throws(VectorIndexError) in try insert(vectors, recordIDs: recordIDs) }
    }
    try result.get()
  }

  /// Inserts one vector.
  public func insert(_ vector: [Float], recordID: UInt64) throws(VectorIndexError) {
    guard vector.count == dimension else {
      throw .vamana(.dimensionMismatch(got: vector.count, expected: dimension))
    }
    try insert(vector, recordIDs: [recordID])
  }

  /// Deletes records: no search that starts when the call returns finds them.
  ///
  /// - Parameter recordIDs: in any order; those that are not there are passed over.
  /// - Returns: how many were deleted.
  /// - Throws: ``VectorIndexError/closed``.
  /// - Complexity: O(ids · segments · log rows), and a copy of a page of 4 KB for each 32,768 rows
  ///   touched.
  @discardableResult
  public func delete(_ recordIDs: [UInt64]) throws(VectorIndexError) -> Int {
    try core.delete(recordIDs)
  }

  /// Waits until the background has nothing left to do, then saves the manifest. Writers that go on
  /// meanwhile prolong the wait.
  ///
  /// - Parameter sealingTail: also makes a segment of the rows in the tail, however few, so that the
  ///   manifest contains everything written before the call.
  /// - Throws: ``VectorIndexError/maintenanceFailed(problem:)`` or ``VectorIndexError/closed``. What
  ///   failed is tried again by the next call.
  public func flush(sealingTail: Bool = false) throws(VectorIndexError) {
    core.state.withLock { state in
      if sealingTail, !state.isClosed {
        state.closeTail()
        core.publish(&state)
      }
      state.failure = nil
    }
    try core.waitUntilIdle()
    do {
      try core.saveManifest()
    } catch {
      throw .maintenanceFailed(problem: "\(error)")
    }
  }

  /// Rebuilds everything into one segment without dead rows (as few as
  /// ``MergePolicy/rowCountMax`` allows), and waits for it.
  ///
  /// - Throws: as ``flush(sealingTail:)``.
  /// - Complexity: a build of all rows.
  public func compact() throws(VectorIndexError) {
    try flush(sealingTail: true)
    core.state.withLock { $0.requestedMergesLeft = $0.segments.count }
    try flush()
  }

  /// Stops background work and ends all writing; searches of what is there go on.
  ///
  /// Rows in tails are not sealed: ``flush(sealingTail:)`` first to keep them. Waits for background
  /// threads, which give up what they build.
  public func close() {
    core.stop()
    core.waitUntilStopped()
  }
}
