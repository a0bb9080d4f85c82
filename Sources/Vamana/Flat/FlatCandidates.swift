/// What a search knows so far of one query's hits.
struct FlatCandidates {
  /// A row that its bound does not rule out, but whose estimate is beyond the farthest hit: most turn
  /// out to be none, once hits are nearer.
  struct Pending {
    /// At most the true distance.
    var bound: Float
    var row: UInt32
  }

  /// Scored rows.
  var nearest = HitHeap()
  var pending: [Pending] = []

  /// Pending rows at most, so that memory is bounded whatever the data.
  static let pendingCountMax = 4096

  /// No row farther than this can be a hit.
  var threshold: Float { nearest.threshold }

  /// Drops pending rows that can be hits no more.
  mutating func prune() {
    let threshold = threshold
    pending.removeAll { $0.bound > threshold }
  }
}
