internal import VectorMath

/// What a walk towards the nearest matches knows.
///
/// Matches and others met wait in a list each, and the nearest of both is expanded next. Others only show
/// the way: they are expanded as long as that brings a match among the nearest `k` every few hops. Matches
/// are expanded in any case, so that those far from the query, all in one place, are found as well: there
/// they lead to each other.
struct FilteredWalk {
  let matching: NodeSet
  let visited: VisitedTable
  var matches: CandidatePool
  private var others: CandidatePool
  var statistics = SearchStatistics()
  private let plan: FilterPlan
  private let k: Int
  private var matchPatience: Int
  private var otherPatience: Int
  /// Whether the way does not lead to the nearest matches: they lie far from the query.
  private(set) var isLost = false
  private var isOther = false
  private var isImproved = false
  /// The distance of the match number `k`.
  private var kthDistance = Float.infinity
  // SAFETY: room for the neighbours of a node and one more, each.
  private let addedMatches: UnsafeMutablePointer<NeighborKey>
  private let addedOthers: UnsafeMutablePointer<NeighborKey>
  private let nodeCount: UInt32

  init(
    matching: NodeSet, visited: VisitedTable, matches: CandidatePool, others: CandidatePool,
    addedMatches: UnsafeMutablePointer<NeighborKey>, addedOthers: UnsafeMutablePointer<NeighborKey>,
    nodeCount: Int, plan: FilterPlan, k: Int
  ) {
    self.addedMatches = addedMatches
    self.addedOthers = addedOthers
    self.nodeCount = UInt32(nodeCount)
    self.matching = matching
    self.visited = visited
    self.matches = matches
    self.others = others
    self.plan = plan
    self.k = k
    matchPatience = plan.matchPatience
    otherPatience = plan.firstPatience
  }

  /// Adds a node to start from.
  mutating func start(_ key: NeighborKey) {
    guard visited.insert(key.node) else { return }
    if matching.contains(key.node) { matches.insert(key) } else { others.insert(key) }
  }

  /// What is not nearer than this enters neither list.
  @inline(__always)
  var threshold: Float { max(matches.threshold, others.threshold) }

  /// The key that ``popNearest()`` is likely to return next, or ``NeighborKey/none``.
  @inline(__always)
  var next: NeighborKey { otherPatience > 0 ? min(matches.next, others.next) : matches.next }

  /// The nearest node that is worth expanding.
  @inline(__always)
  mutating func popNearest() -> UInt32? {
    let match = matches.next
    let other = others.next
    isOther =
      other < match && (matches.count < plan.reach || other < matches[plan.reach &- 1])
    if isOther, otherPatience == 0 {
      // Others, nearer than every match, have led to none for long.
      isLost = matches.count == 0 || other < matches[0] & ~1
      isOther = false
    }
    if isOther {
      otherPatience &-= 1
      return others.popNearest()
    }
    // Patience is for those who have found enough.
    guard match != .none, matchPatience > 0 || matches.count < k else { return nil }
    matchPatience &-= 1
    return matches.popNearest()
  }

  @inline(__always)
  mutating func beginHop() {
    isImproved = false
    kthDistance = matches.count >= k ? matches[k &- 1].distance : .infinity
  }

  /// Adds neighbours of the node that is expanded; what is farther than either list takes is left out.
  ///
  /// What a neighbour is cannot be guessed, so little branches on it: see ``FusedHop/run(_:before:)``.
  ///
  /// - Parameters:
  ///   - node: gives the node at an index below `count`, or a number that is no node.
  ///   - areNew: whether they are known not to have been seen.
  @inline(__always)
  mutating func add(
    count: Int, distances: UnsafePointer<Float>, areNew: Bool = false, kernels: DistanceKernels,
    node: (Int) -> UInt32
  ) {
    let (nearMatch, nearOther) = (matches.threshold, others.threshold)
    var (matchCount, otherCount) = (0, 0)
    for index in 0..<count {
      let neighbor = node(index)
      guard neighbor < nodeCount else { continue }
      let distance = distances[index]
      let isMatch = matching.contains(neighbor)
      guard distance < (isMatch ? nearMatch : nearOther) else { continue }
      let fresh = areNew || visited.insert(neighbor) ? 1 : 0
      let freshMatch = isMatch ? fresh : 0
      // Written over by the one after where it does not belong.
      addedMatches[matchCount] = NeighborKey(distance: distance, node: neighbor)
      addedOthers[otherCount] = addedMatches[matchCount]
      matchCount &+= freshMatch
      otherCount &+= fresh &- freshMatch
      isImproved = isImproved || (freshMatch == 1 && distance < kthDistance)
    }
    matches.insert(addedMatches, count: matchCount, kernels: kernels)
    others.insert(addedOthers, count: otherCount, kernels: kernels)
  }

  @inline(__always)
  mutating func endHop() {
    statistics.hopCount &+= 1
    guard isImproved else { return }
    if isOther { otherPatience = plan.otherPatience } else { matchPatience = plan.matchPatience }
  }
}
