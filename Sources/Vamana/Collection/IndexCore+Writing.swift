internal import VectorMath

extension IndexCore {
  /// Inserts rows that were checked.
  func insert(
    _ vectors: UnsafeBufferPointer<Float>, recordIDs: [UInt64]
  ) throws(VectorIndexError) {
    var next = 0
    var hasStalled = false
    while next < recordIDs.count {
      let start = next
      next = try wait { state throws(VectorIndexError) in
        guard !state.isClosed else { throw .closed }
        guard try hasRoom(&state, hasWaited: hasStalled) else {
          if !hasStalled { state.statistics.stallCount += 1 }
          hasStalled = true
          return nil
        }
        return append(vectors, recordIDs: recordIDs, from: start, to: &state)
      }
    }
  }

  /// Whether a row can be taken now; starts what makes room otherwise.
  ///
  /// A failure from before the call is tried again; one that it waited for is thrown.
  private func hasRoom(
    _ state: inout IndexState, hasWaited: Bool
  ) throws(VectorIndexError) -> Bool {
    let isFull =
      state.tail == nil
      && (state.closedTails.count >= configuration.closedTailCountMax
        || state.segments.count >= configuration.segmentCountMax && wantsMerge(state))
    guard isFull else { return true }
    if let failure = state.failure, !state.isMaintained {
      state.failure = nil
      if hasWaited { throw failure }
    }
    // Not while others end after a failure: what failed would be built again and again.
    if state.failure == nil { startMaintenance(&state) }
    return false
  }

  /// Appends rows to the tail until it is full; returns the first row that is left.
  private func append(
    _ vectors: UnsafeBufferPointer<Float>, recordIDs: [UInt64], from start: Int,
    to state: inout IndexState
  ) -> Int {
    // SAFETY: the caller has checked that there are `dimension` floats for each record id.
    let base = vectors.baseAddress!
    state.operation += 1
    if state.tail == nil {
      state.tail = Tail(
        dimension: dimension, metric: metric, firstOperation: state.operation)
    }
    let room = configuration.tailRowCountMax - (state.tail?.count ?? 0)
    let end = min(recordIDs.count, start + room)
    recordIDs.withUnsafeBufferPointer {
      state.append(
        base + start * dimension, recordIDs: UnsafeBufferPointer(rebasing: $0[start..<end]))
    }
    state.dropDeadSegments()
    if end - start == room {
      state.closeTail()
      startMaintenance(&state)
    }
    publish(&state)
    return end
  }

  /// Deletes records; returns how many of them were alive.
  func delete(_ recordIDs: [UInt64]) throws(VectorIndexError) -> Int {
    try wait { state throws(VectorIndexError) in
      guard !state.isClosed else { throw .closed }
      state.operation += 1
      var deleted = 0
      for recordID in recordIDs where state.delete(recordID) { deleted += 1 }
      guard deleted > 0 else { return 0 }
      state.statistics.deletedRowCount += deleted
      state.dropDeadSegments()
      startMaintenance(&state)
      publish(&state)
      return deleted
    }
  }
}
