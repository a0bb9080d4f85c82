internal import VectorMath

/// What changes from hop to hop in a walk over fused records, and the memory it works in.
struct FusedWalk {
  // SAFETY: `prepare` made room for the slots of a node. The scratch outlives the walk.
  var pool: CandidatePool
  var reached: ReachedNodes
  let visited: VisitedTable
  private let radius: SearchRadius
  var query: PreparedQuery
  let queryCodes: UnsafePointer<Int8>
  let places: UnsafeMutablePointer<UInt32>
  let distances: UnsafeMutablePointer<Float>
  let added: UnsafeMutablePointer<NeighborKey>
  /// The node expanded last.
  var current: UInt32 = 0
  var hopCount = 0

  init(_ walk: Walk, query: PreparedQuery, scratch: SearchScratch) {
    pool = walk.pool
    reached = walk.reached
    visited = walk.visited
    radius = walk.radius
    self.query = query
    queryCodes = UnsafePointer(scratch.queryCodes.base)
    places = scratch.batch.base
    distances = scratch.distances.base
    added = scratch.added.base
  }

  /// Candidates farther than this need not be expanded.
  @inline(__always)
  var limit: Float { radius.limit(pool, reached, hopCount: hopCount) }

  /// Hands over what the walk reached and what it cost.
  func finish(_ walk: inout Walk, evaluationsAHop: Int) {
    walk.reached = reached
    walk.statistics.hopCount = hopCount
    walk.statistics.distanceEvaluationCount += hopCount * evaluationsAHop
  }
}
