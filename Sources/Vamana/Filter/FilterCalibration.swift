internal import VectorMath

/// How far a search among codes in groups has to go to lose only so many of the nearest: measured with rows of
/// the segment as queries, some of which match and some not.
struct FilterCalibration {
  /// Of neighbours of the sampled queries, ascending: how many spreads from its group's centre one lay, and by
  /// how many its code was wrong.
  private var reaches: [Float] = []
  private var errors: [Float] = []

  /// Queries of each kind, matching and not.
  private static let queryCount = 64
  /// Neighbours that are looked for: as many as a search is usually asked for.
  private static let neighborCount = 10
  /// Estimates among which they are looked for.
  private static let candidateCount = 640
  /// Reaches every group.
  private static let everything: Float = 1e30

  /// The shares of the allowed loss that are spent on groups not looked at, and on wrong codes.
  private static let reachShare = 0.6
  private static let errorShare = 0.2

  init(of codes: GroupedCodes, matching: NodeSet?, in segment: Segment) {
    let groupOf = codes.groupPlaces(nodeCount: segment.count)
    let scratch = SearchScratch()
    let vector = UnsafeMutableBufferPointer<Float>.allocate(capacity: segment.dimension)
    defer { vector.deallocate() }
    for node in Self.sample(of: codes, count: segment.count) {
      segment.copyVector(of: node, into: vector.baseAddress!)
      measure(
        UnsafeBufferPointer(vector), node: UInt32(node), codes: codes, matching: matching,
        groupOf: groupOf, segment: segment, scratch: scratch)
    }
    reaches.sort()
    errors.sort()
  }

  private static func sample(of codes: GroupedCodes, count: Int) -> [Int] {
    var generator = SplitMix64(seed: 0xca11b)
    let laneCount = codes.blockCount * EdgeCodeShape.laneCount
    return generator.sample(min(queryCount, count), below: count)
      + generator.sample(min(queryCount, laneCount), below: laneCount).compactMap { lane in
        codes.nodes[lane] == GroupedCodes.noNode ? nil : Int(codes.nodes[lane])
      }
  }

  private mutating func measure(
    _ vector: UnsafeBufferPointer<Float>, node: UInt32, codes: GroupedCodes, matching: NodeSet?,
    groupOf: [UInt32], segment: Segment, scratch: SearchScratch
  ) {
    let parameters = WalkParameters(k: Self.neighborCount, listSize: Self.neighborCount)
    guard let query = try? segment.prepare(vector, scratch: scratch, parameters: parameters) else {
      return
    }
    var scan = GroupScan(
      codes, matching: matching, in: segment, query: query, k: Self.candidateCount,
      reach: Self.everything, margin: 0, scratch: scratch)
    scan.run()
    var keys = (0..<scan.candidates.count).map { scan.candidates.keys[$0] }
      .filter { $0.node != node }
    keys.sort()
    guard keys.count > Self.neighborCount else { return }
    let farthest = keys[Self.neighborCount - 1].distance
    // Before the memory that the scan stands in is used again.
    let required = keys.map { key in
      let group = Int(groupOf[Int(key.node)])
      return (
        reach: scan.reach(toGroup: group, below: farthest),
        error: scan.inSpreads(key.distance - farthest, ofGroup: group)
      )
    }
    for (index, key) in keys.enumerated() { scratch.batch.base[index] = key.node }
    segment.score(keys.count, query: query, scratch: scratch)
    let distances = scratch.distances.base
    var ranked = NeighborKeys(keys: scratch.keys.base)
    for index in keys.indices {
      ranked.append(NeighborKey(distance: distances[index], node: UInt32(index)))
    }
    _ = ranked.keepLeast(Self.neighborCount)
    for index in 0..<ranked.count {
      reaches.append(required[Int(ranked.keys[index].node)].reach)
      errors.append(required[Int(ranked.keys[index].node)].error)
    }
  }

  /// How many spreads from its centre a group's rows are looked for.
  ///
  /// - Parameter loss: the share of the nearest that may be missed.
  func reach(loss: Double) -> Float {
    value(reaches, loss: loss * Self.reachShare, fallback: Self.everything)
  }

  /// How many spreads the code of a row may be wrong by.
  func margin(loss: Double) -> Float {
    value(errors, loss: loss * Self.errorShare, fallback: 0)
  }

  /// What all but the share `loss` of `values` are not above.
  private func value(_ values: [Float], loss: Double, fallback: Float) -> Float {
    guard !values.isEmpty else { return fallback }
    let place = Int((Double(values.count) * (1 - loss)).rounded(.up))
    return max(0, values[min(values.count - 1, max(0, place))])
  }
}
