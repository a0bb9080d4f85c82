internal import VectorMath

/// Measures the recall of a finished segment with several slacks, and how many nodes are expanded for it, on
/// vectors of its own that are held out while they are asked for.
struct RecallMeasurement {
  let segment: Segment
  let vectors: FloatMatrix
  let workers: Workers
  let seed: UInt64

  /// Vectors asked for: fewer where the segment is small and soon merged, so that measuring stays a small
  /// part of the build.
  private static let sampleCountMax = 512
  private static let sampleCountMin = 128
  private static let vectorsASample = 200
  private static let slacks = [
    -0.03, 0, 0.02, 0.035, 0.05, 0.075, 0.1, 0.13, 0.17, 0.22, 0.3, 0.45, 1,
  ]
  /// Lists that are tried without a slack where all these did not find enough: distances between vectors say
  /// little about inner products if lengths differ much.
  private static let listSizes = [64, 128, 384]
  /// Larger ones are not tried once this is reached, or so many nodes are expanded.
  private static let enough = 0.9995
  private static let listSizeMax = 400
  /// What the first slack is measured with.
  private static let firstListSize = 16

  /// - Complexity: sample · count multiply-adds in matrix products, and the searches.
  func curve() throws(VamanaError) -> RecallCurve {
    // Fewer vectors are all in any list.
    guard vectors.count > 4 * RecallCurve.measuredCount else { return RecallCurve(points: []) }
    var generator = SplitMix64(seed: seed ^ 0x4eca11)
    let wanted = min(
      Self.sampleCountMax, max(Self.sampleCountMin, vectors.count / Self.vectorsASample))
    // Without an entry point walks may have no way into its cluster; a graph that was built without it would
    // have taken another of the cluster.
    let entryPoints = Set(segment.entryPoints)
    var candidates = (0..<UInt32(vectors.count)).filter { !entryPoints.contains($0) }
    // So many entry points can do without one.
    if candidates.count < vectors.count / 4 { candidates = Array(0..<UInt32(vectors.count)) }
    let sample = generator.sample(min(wanted, vectors.count / 4), below: candidates.count)
      .map { candidates[$0] }
    let truth = truth(of: sample)
    let heldOut = HeldOutNodes(segment: segment, vectors: vectors, workers: workers).make(sample)
    var points: [RecallCurve.Point] = []
    var expected = Double(Self.firstListSize)
    for slack in Self.slacks where expected < Double(vectors.count) {
      let (recall, hops) = search(
        heldOut, truth: truth, listSize: Int(expected.rounded(.up)), slack: slack)
      Self.append(slack: slack, recall: recall, hops: hops, to: &points)
      if Self.isEnough(points) { return RecallCurve(points: points) }
      // The list must have room for what the next slack will expand.
      let before = points.dropLast().last.map { Double($0.listSize) } ?? hops
      expected = hops * min(max(1.2, hops / before), 2)
    }
    for listSize in Self.listSizes where listSize > points.last?.listSize ?? 0 {
      let (recall, _) = search(heldOut, truth: truth, listSize: listSize, slack: .infinity)
      Self.append(slack: .infinity, recall: recall, hops: Double(listSize), to: &points)
      if Self.isEnough(points) { break }
    }
    return RecallCurve(points: points)
  }

  private static func isEnough(_ points: [RecallCurve.Point]) -> Bool {
    points.last.map { $0.recall >= enough || $0.listSize > listSizeMax } ?? false
  }

  private static func append(
    slack: Double, recall: Double, hops: Double, to points: inout [RecallCurve.Point]
  ) {
    // Chance can lower both by a hair: the curve only rises.
    let recall = max(recall, points.last?.recall ?? 0)
    // Where two slacks cost the same the larger is the better.
    if let last = points.last, Int(hops.rounded()) <= last.listSize { points.removeLast() }
    points.append(
      RecallCurve.Point(
        listSize: max(Int(hops.rounded()), (points.last?.listSize ?? 0) + 1), slack: slack,
        recall: recall))
  }

  /// The distance of each sampled vector's last true neighbour, itself left out: what is no farther is as
  /// good, be it a copy of a true neighbour.
  private func truth(of sample: [UInt32]) -> [Float] {
    let queries = FloatBuffer(count: sample.count * vectors.dimension)
    sample.withUnsafeBufferPointer { vectors.gather($0, into: queries.base) }
    let nearest = ExactNeighbors.find(
      base: vectors.base, baseCount: vectors.count, queries: queries.base,
      queryCount: sample.count, dimension: vectors.dimension, metric: segment.metric,
      k: RecallCurve.measuredCount + 1, threadCount: workers.threadCount)
    withExtendedLifetime(queries) {}
    // Searches give the distances of stored vectors, which are rounded: neighbours are measured as stored too.
    let stored = FloatBuffer(count: vectors.dimension)
    return zip(sample, nearest).map { node, found in
      var farthest = -Float.infinity
      for neighbor in found.filter({ $0 != node }).prefix(RecallCurve.measuredCount) {
        segment.copyVector(of: Int(neighbor), into: stored.base)
        var distance: Float = 0
        DistanceKernels.best.distances(
          segment.metric, vectors.row(Int(node)), stored.base, stride: 0, ids: nil,
          count: 1, dimension: vectors.dimension, into: &distance)
        farthest = max(farthest, distance)
      }
      // What the two ways to compute it differ by.
      return farthest + 1e-5 * max(abs(farthest), segment.layout.header.unitA)
    }
  }

  private func search(
    _ sample: [HeldOutNode], truth: [Float], listSize: Int, slack: Double
  ) -> (recall: Double, hops: Double) {
    let found = UnsafeMutablePointer<(hits: Int, hops: Int)>.allocate(capacity: sample.count)
    defer { found.deallocate() }
    // SAFETY: each piece writes its own element.
    nonisolated(unsafe) let results = found
    let scratches = WorkerScratch(count: workers.threadCount) { SearchScratch() }
    let parameters = SearchParameters(
      k: RecallCurve.measuredCount, listSize: listSize, slack: slack)
    let segment = segment
    let vectors = vectors
    workers.run(pieces: sample.count) { piece, worker in
      let scratch = scratches[worker]
      let query = UnsafeBufferPointer(
        start: vectors.row(Int(sample[piece].node)), count: vectors.dimension)
      // The vector is one that was checked when it was indexed: nothing can be refused.
      try? segment.search(
        query, parameters: parameters, heldOut: sample[piece], scratch: scratch)
      results[piece] = (
        scratch.hits.count { $0.distance <= truth[piece] }, scratch.statistics.hopCount
      )
    }
    let hits = (0..<sample.count).reduce(0) { $0 + found[$1].hits }
    let hops = (0..<sample.count).reduce(0) { $0 + found[$1].hops }
    let count = Double(max(1, sample.count))
    return (Double(hits) / (count * Double(RecallCurve.measuredCount)), Double(hops) / count)
  }
}
