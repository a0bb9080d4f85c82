internal import VectorMath

/// The rows of a tail that a snapshot sees, and which of them are dead.
struct TailView: Sendable {
  let rows: FlatView
  let tombstones: Tombstones

  var count: Int { rows.count }
  var aliveCount: Int { count - tombstones.count }

  /// The living row of `recordID`, or nil.
  ///
  /// - Complexity: O(count): readers have no table.
  func row(of recordID: UInt64) -> Int? {
    (0..<count).last { rows.recordID(at: $0) == recordID && !tombstones.contains($0) }
  }

  /// Offers every living row to the nearest hits of `scratch`, exactly.
  ///
  /// - Complexity: `count` distance evaluations on codes of half a byte a component, and on vectors
  ///   for what they do not rule out.
  func scan(k: Int, filter: RecordFilter?, scratch: VectorIndexScratch) {
    guard aliveCount > 0 else { return }
    let search = scratch.flatSearch(dimension: rows.dimension, metric: rows.metric)
    search.scan(
      rows, query: scratch.query, k: k,
      selection: FlatSelection(filter: filter, deleted: tombstones), into: &scratch.nearest)
    scratch.statistics.distanceEvaluationCount += count
    scratch.statistics.exactDistanceEvaluationCount += search.scoredCount
  }
}
