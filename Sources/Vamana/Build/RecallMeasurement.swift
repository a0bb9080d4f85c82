internal import VectorMath

/// Measures the recall of a finished segment at several list sizes, on vectors of its own that are held
/// out while they are asked for.
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
  private static let listSizes = [
    10, 12, 14, 16, 20, 24, 28, 32, 40, 48, 64, 96, 128, 192, 256, 384,
  ]
  /// Longer lists are not tried once this is reached.
  private static let enough = 0.9995

  /// - Complexity: sample · count multiply-adds in matrix products, and the searches.
  func curve() throws(VamanaError) -> RecallCurve {
    // Fewer vectors are all in any list.
    guard vectors.count > 4 * RecallCurve.measuredCount else { return RecallCurve(points: []) }
    var generator = SplitMix64(seed: seed ^ 0x4eca11)
    let wanted = min(
      Self.sampleCountMax, max(Self.sampleCountMin, vectors.count / Self.vectorsASample))
    let sample = generator.sample(min(wanted, vectors.count / 4), below: vectors.count)
      .map(UInt32.init)
    let truth = truth(of: sample)
    var points: [RecallCurve.Point] = []
    for listSize in Self.listSizes {
      let recall = recall(of: sample, truth: truth, listSize: listSize)
      // Chance can lower it by a hair: the curve only rises.
      points.append(
        RecallCurve.Point(listSize: listSize, recall: max(recall, points.last?.recall ?? 0)))
      if recall >= Self.enough { break }
    }
    return RecallCurve(points: points)
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
    return zip(sample, nearest).map { node, found in
      let last = found.filter { $0 != node }.prefix(RecallCurve.measuredCount).last ?? node
      var distance: Float = 0
      DistanceKernels.best.distances(
        segment.metric, vectors.row(Int(node)), vectors.row(Int(last)), stride: 0, ids: nil,
        count: 1, dimension: vectors.dimension, into: &distance)
      // Stored vectors are rounded by a hair of the length of an edge.
      return distance + 1e-5 * max(abs(distance), segment.layout.header.unitA)
    }
  }

  private func recall(of sample: [UInt32], truth: [Float], listSize: Int) -> Double {
    let found = UnsafeMutablePointer<Int>.allocate(capacity: sample.count)
    defer { found.deallocate() }
    // SAFETY: each piece writes its own element.
    nonisolated(unsafe) let results = found
    let scratches = WorkerScratch(count: workers.threadCount) { SearchScratch() }
    let parameters = SearchParameters(k: RecallCurve.measuredCount, listSize: listSize)
    let segment = segment
    let vectors = vectors
    workers.run(pieces: sample.count) { piece, worker in
      let scratch = scratches[worker]
      let query = UnsafeBufferPointer(
        start: vectors.row(Int(sample[piece])), count: vectors.dimension)
      // The vector is one that was checked when it was indexed: nothing can be refused.
      try? segment.search(
        query, parameters: parameters, heldOut: sample[piece], scratch: scratch)
      results[piece] = scratch.hits.count { $0.distance <= truth[piece] }
    }
    let wanted = sample.count * RecallCurve.measuredCount
    return Double((0..<sample.count).reduce(0) { $0 + found[$1] }) / Double(max(1, wanted))
  }
}
