/// How far from its query a walk looks: a little beyond the `rank`-th nearest node that it has reached.
///
/// A list of fixed size has as many nodes expanded for every query. Most queries have found their neighbours
/// long before, a few have not: with a limit on the distance each takes as long as it needs.
/// "Distance Adaptive Beam Search for Provably Accurate Graph-Based Nearest Neighbor Search" (Al-Jazzazi et
/// al., 2025) shows what that guarantees. The list size then only bounds the hardest.
struct SearchRadius {
  private let rank: Int
  /// How much farther, as a share of the squared distance.
  private let slack: Float
  /// Added to the distances of a walk this gives squared distances (half of them for inner products).
  private let origin: Float
  /// Squared distances count as at least this: those of copies are nothing but rounding.
  private let leastSquare: Float

  init(_ parameters: WalkParameters, query: PreparedQuery) {
    rank = parameters.rank
    slack = parameters.slack
    origin = query.squareOrigin
    leastSquare = query.leastSquare
  }

  /// Candidates farther than this need not be expanded.
  ///
  /// - Parameter hopCount: how many have been.
  @inline(__always)
  func limit(_ pool: CandidatePool, _ reached: ReachedNodes, hopCount: Int) -> Float {
    guard slack < .infinity else { return .infinity }
    if reached.count >= rank { return limit(beyond: reached[rank &- 1].distance, by: slack) }
    // Until then the estimates of candidates have to do: of so many that the walk gets to `rank`, though it
    // may have expanded some twice, or nodes that do not count.
    let place = rank &+ hopCount &- reached.count
    return pool.count >= place
      ? limit(beyond: pool[place &- 1].distance, by: max(slack, 0)) : .infinity
  }

  @inline(__always)
  private func limit(beyond distance: Float, by slack: Float) -> Float {
    distance + slack * max(distance + origin, leastSquare)
  }
}
