internal import VectorMath

/// How far a search among codes in groups has to go to lose only so many of the nearest: measured with rows of
/// the segment as queries, some of which match and some not.
struct FilterCalibration {
  /// What was measured with queries that match, and with others.
  private var matching = Errors()
  private var others = Errors()

  /// Of neighbours of the sampled queries, ascending: how many spreads from its group's centre one lay, and by
  /// how many its code was wrong.
  private struct Errors {
    var reaches: [Float] = []
    var codes: [Float] = []

    mutating func sort() {
      reaches.sort()
      codes.sort()
    }
  }

  /// Queries of each kind, matching and not.
  private static let queryCount = 64
  /// Rows among which those that do not match are looked for.
  private static let drawnCountMax = 4096
  /// Neighbours that are looked for: as many as a search is usually asked for.
  private static let neighborCount = 10
  /// Estimates among which they are looked for.
  private static let candidateCount = 640
  /// Reaches every group.
  private static let everything: Float = 1e30

  /// The shares of the allowed loss that are spent on groups not looked at, and on wrong codes.
  ///
  /// More than all of it: a search that misses one neighbour looks farther for the next, and loses about half of what
  /// the sampled queries let expect, see Benchmarks.
  private static let reachShare = 1.0
  private static let errorShare = 0.3

  init(of codes: GroupedCodes, matches: NodeSet, in segment: Segment) {
    let groupOf = codes.groupPlaces(nodeCount: segment.count)
    let scratch = SearchScratch()
    let vector = UnsafeMutableBufferPointer<Float>.allocate(capacity: segment.dimension)
    defer { vector.deallocate() }
    func measured(_ sample: [Int]) -> Errors {
      var errors = Errors()
      for node in sample {
        segment.copyVector(of: node, into: vector.baseAddress!)
        Self.measure(
          UnsafeBufferPointer(vector), node: UInt32(node), codes: codes, groupOf: groupOf,
          segment: segment, scratch: scratch, into: &errors)
      }
      errors.sort()
      return errors
    }
    var generator = SplitMix64(seed: 0xca11b)
    matching = measured(codes.sample(Self.queryCount, from: &generator))
    let drawn = generator.sample(Self.drawnCountMax, below: segment.count)
      .filter { !matches.contains(UInt32($0)) }
    let step = max(1, (drawn.count + Self.queryCount - 1) / Self.queryCount)
    others = measured(stride(from: 0, to: drawn.count, by: step).map { drawn[$0] })
  }

  private static func measure(
    _ vector: UnsafeBufferPointer<Float>, node: UInt32, codes: GroupedCodes,
    groupOf: [UInt32], segment: Segment, scratch: SearchScratch,
    into errors: inout Errors
  ) {
    let parameters = WalkParameters(k: neighborCount, listSize: neighborCount)
    guard let query = try? segment.prepare(vector, scratch: scratch, parameters: parameters) else {
      return
    }
    var scan = GroupScan(
      codes, in: segment, query: query, k: candidateCount,
      reach: everything, margin: 0, scratch: scratch)
    scan.run()
    var keys = (0..<scan.candidates.count).map { scan.candidates.keys[$0] }
      .filter { $0.node != node }
    keys.sort()
    guard keys.count > neighborCount else { return }
    let farthest = keys[neighborCount - 1].distance
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
    _ = ranked.keepLeast(neighborCount)
    for index in 0..<ranked.count {
      errors.reaches.append(required[Int(ranked.keys[index].node)].reach)
      errors.codes.append(required[Int(ranked.keys[index].node)].error)
    }
  }

  /// How many spreads from its centre a group's rows are looked for.
  ///
  /// - Parameter loss: the share of the nearest that may be missed.
  func reach(loss: Double) -> Float {
    guard !matching.reaches.isEmpty else { return Self.everything }
    return Self.worse(matching.reaches, others.reaches, loss: loss * Self.reachShare)
  }

  /// How many spreads the code of a row may be wrong by.
  func margin(loss: Double) -> Float {
    Self.worse(matching.codes, others.codes, loss: loss * Self.errorShare)
  }

  /// What all but the share `loss` are not above, in either list: a filter may be meant for queries that match,
  /// or for others.
  private static func worse(_ left: [Float], _ right: [Float], loss: Double) -> Float {
    func value(_ values: [Float]) -> Float {
      guard !values.isEmpty else { return 0 }
      let place = Int((Double(values.count) * (1 - loss)).rounded(.up))
      return values[min(values.count - 1, max(0, place))]
    }
    return max(0, value(left), value(right))
  }
}
