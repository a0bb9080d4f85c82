internal import VectorMath

/// A search among codes in groups, under way: which groups are worth a look, and the rows that may be among
/// the nearest.
struct GroupScan {
  // SAFETY: `init` makes room in the scratch for all that is written here.
  private let codes: GroupedCodes
  private let isEuclidean: Bool
  private let kernels: DistanceKernels
  private let edgeQuery: DistanceKernels.EdgeQuery
  private let margin: Float
  /// Scored in one call: places of lanes and their distances.
  private let places: UnsafeMutablePointer<UInt32>
  private let distances: UnsafeMutablePointer<Float>
  /// By group: the distance to its centre, the least that is expected of its rows, and how much a spread
  /// comes to.
  private let centerDistances: UnsafeMutablePointer<Float>
  private let bounds: UnsafeMutablePointer<Float>
  private let slopes: UnsafeMutablePointer<Float>
  /// The number of groups, rounded up to whole vectors of a processor.
  private let paddedCount: Int
  /// Rows, with the least distance that the error of their codes leaves possible.
  private(set) var candidates: NeighborKeys
  private let candidateCountMax: Int
  /// What candidates were dropped for lack of room.
  private var limit = Float.infinity
  private var nearest: LeastDistances
  /// Rows whose codes were scored.
  private(set) var scoredCount = 0

  /// Blocks of codes that are scored in one call: later ones profit from what these have found.
  private static let blocksACall = 16
  private static let lanesACall = blocksACall * EdgeCodeShape.laneCount
  /// Room for candidates: with ordinary k and codes more than are ever met.
  private static let candidateCountMin = 4096
  /// The share of the groups that is looked at first, in any case, and by how much it grows in each step.
  private static let firstShare = 1.0 / 32
  private static let growth = 3.0
  /// Fewer groups are looked at in one step.
  private static let steppedCountMin = 64

  /// - Parameters:
  ///   - k: how many are wanted.
  ///   - reach: how far from its centre a group is expected to have rows, in spreads.
  ///   - margin: the error of a code that is reckoned with, in spreads.
  init(
    _ codes: GroupedCodes, in segment: Segment, query: PreparedQuery, k: Int,
    reach: Float, margin: Float, scratch: SearchScratch
  ) {
    self.codes = codes
    self.margin = margin
    kernels = segment.kernels
    isEuclidean = segment.metric == .squaredEuclidean
    let groupCount = codes.groupIDs.count
    paddedCount = (groupCount + 15) / 16 * 16
    let wanted = min(k, max(1, codes.count))
    // The query along the axes stands there first.
    let pieceCount = max(Self.lanesACall, paddedCount + 16, codes.groups.axes.count)
    candidateCountMax = min(
      max(Self.candidateCountMin, 8 * wanted), codes.blockCount * EdgeCodeShape.laneCount)
    scratch.batch.reserve(max(pieceCount, candidateCountMax))
    scratch.distances.reserve(
      max(pieceCount + 3 * paddedCount + wanted, candidateCountMax))
    scratch.keys.reserve(candidateCountMax + Self.lanesACall)
    places = scratch.batch.base
    distances = scratch.distances.base
    centerDistances = distances + pieceCount
    bounds = centerDistances + paddedCount
    slopes = bounds + paddedCount
    nearest = LeastDistances(values: slopes + paddedCount, capacity: wanted)
    candidates = NeighborKeys(keys: scratch.keys.base)
    let groups = codes.groups
    let axes = groups.axes
    // The codes of the query for walks are written over: only scans follow, and those do without.
    for place in 0..<axes.count { distances[place] = scratch.rotated.base[axes[place]] }
    let (scale, offset) = groups.quantizer.encodeQuery(
      rotated: distances, into: scratch.edgeCodes.base, kernels: kernels)
    edgeQuery = DistanceKernels.EdgeQuery(
      codes: scratch.edgeCodes.base, shape: groups.quantizer.shape,
      unitA: groups.quantizer.unitA, scale: scale, offset: offset)
    kernels.codeDistances(
      scratch.queryCodes.base, scale: query.scale, sum: query.sum, groups.rows,
      stride: groups.rowStride, ids: codes.groupIDs, count: groupCount,
      dimension: segment.dimension, into: centerDistances)
    bound(reach: reach, dimension: segment.dimension, scratch: scratch)
    for index in groupCount..<paddedCount { bounds[index] = .infinity }
  }

  /// A row's distance is that of its centre, plus what the row adds: this spreads as far as the row lies from
  /// the centre, times how far the query does.
  private func bound(reach: Float, dimension: Int, scratch: SearchScratch) {
    let count = codes.groupIDs.count
    codes.spreads.withUnsafeBufferPointer { spreads in
      guard isEuclidean else {
        for index in 0..<count {
          slopes[index] = spreads[index]
          bounds[index] = centerDistances[index] - reach * spreads[index]
        }
        return
      }
      // What a byte code's distance leaves out: the squared length of the centred query.
      var square: Float = 0
      kernels.dotProducts(
        scratch.exactQuery.base, scratch.exactQuery.base, stride: 0, ids: nil, count: 1,
        dimension: dimension, into: &square)
      for index in 0..<count {
        let distance = max(0, centerDistances[index] + square).squareRoot()
        let spread = spreads[index]
        slopes[index] = spread * distance
        bounds[index] = centerDistances[index] + spread * spread - reach * slopes[index]
      }
    }
  }

  /// The least reach with which rows of a group are looked at that are nearer than `farthest`.
  func reach(toGroup group: Int, below farthest: Float) -> Float {
    let spread = isEuclidean ? codes.spreads[group] * codes.spreads[group] : 0
    return inSpreads(centerDistances[group] + spread - farthest, ofGroup: group)
  }

  /// A difference of distances to rows of a group in units of what a spread comes to there.
  func inSpreads(_ difference: Float, ofGroup group: Int) -> Float {
    slopes[group] > 0 ? difference / slopes[group] : 0
  }

  /// Scores the rows of the groups that are worth it.
  mutating func run() {
    let groupCount = codes.groupIDs.count
    var lower = -Float.infinity
    var share = groupCount < Self.steppedCountMin ? 1 : Self.firstShare
    while true {
      let upper =
        share < 1
        ? min(nearest.farthest, LaneMinima.quantile(bounds, count: paddedCount, share: share))
        : nearest.farthest
      // Several shares may come to one bound.
      if upper > lower { scan(from: lower, to: upper) }
      lower = max(lower, upper)
      if nearest.farthest <= lower || share >= 1 { break }
      share *= Self.growth
    }
    dropFarCandidates()
  }

  private mutating func scan(from lower: Float, to upper: Float) {
    var index = 0
    let end = codes.groupIDs.count
    while index < end {
      if bounds[index] >= lower, bounds[index] < upper, bounds[index] < nearest.farthest {
        scan(group: index)
      }
      index &+= 1
    }
  }

  private mutating func scan(group: Int) {
    // SAFETY: whole blocks of `codes`; places and distances have room for all their lanes.
    let end = Int(codes.blockStarts[group &+ 1])
    let byteCount = codes.groups.quantizer.shape.blockByteCount
    let slack = margin * slopes[group]
    var start = Int(codes.blockStarts[group])
    scoredCount &+= (end &- start) &* EdgeCodeShape.laneCount
    while start < end {
      let blockCount = min(Self.blocksACall, end &- start)
      let lane = start &* EdgeCodeShape.laneCount
      let found = kernels.scoreEdges(
        edgeQuery, base: centerDistances[group], codes: codes.codes + start &* byteCount,
        a: codes.a + lane, b: codes.b + lane, blockCount: blockCount,
        below: min(nearest.farthest, limit) + slack, places: places, distances: distances)
      let nodes = codes.nodes + lane
      for index in 0..<found {
        let node = nodes[Int(places[index])]
        candidates.append(NeighborKey(distance: distances[index] - slack, node: node))
        nearest.insert(distances[index])
      }
      if candidates.count > candidateCountMax { makeRoom() }
      start &+= blockCount
    }
  }

  /// Drops candidates that cannot be among the nearest any more.
  private mutating func dropFarCandidates() {
    // Among copies the farthest that is wanted is as far as others: it stays.
    let bound = nearest.farthest.nextUp
    candidates.keep(below: bound)
  }

  private mutating func makeRoom() {
    dropFarCandidates()
    guard candidates.count > candidateCountMax / 2 else { return }
    limit = candidates.keepLeast(candidateCountMax / 2)
  }
}
