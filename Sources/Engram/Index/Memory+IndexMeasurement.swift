internal import Embedders
internal import Platform
internal import Sync
internal import Synchronization
internal import Vamana

extension Memory {
  /// Asks the index for a sample of its own vectors with lists of several sizes, and compares what it finds with the
  /// true nearest.
  ///
  /// - Parameters:
  ///   - queryCount: how many vectors are asked for.
  ///   - listSizes: of the lists of searches, at least 10 each.
  /// - Throws: ``EngramError``.
  /// - Complexity: `queryCount` exact searches and as many of each list size; needs room for a distance and a number
  ///   of each embedding.
  public func measureIndex(
    queryCount: Int = 100, listSizes: [Int] = [10, 20, 40, 80, 160]
  ) async throws(EngramError) -> IndexMeasurement {
    try await engramErrors {
      let embedder = try currentEmbedder()
      await catchUp()
      let snapshot = try await currentSnapshot(model: embedder.model, dimension: embedder.dimension)
      let isCancelled = CancellationFlag()
      return try await withTaskCancellationHandler {
        try await measurementLane.run { [scratches] in
          try scratches.withScratch { scratch in
            try snapshot.measurement(
              queryCount: queryCount, listSizes: listSizes, dimension: embedder.dimension,
              scratch: scratch
            ) { if isCancelled.isSet { throw CancellationError() } }
          }
        }
      } onCancel: {
        isCancelled.set()
      }
    }
  }
}

extension IndexSnapshot {
  /// - Parameter check: called before each question; throws to give up.
  func measurement(
    queryCount: Int, listSizes: [Int], dimension: Int, scratch: SearchScratch,
    check: () throws -> Void
  ) throws -> IndexMeasurement {
    var measurement = IndexMeasurement(
      indexedCount: segments.reduce(0) { $0 + $1.count }, tailCount: tail.count,
      dimension: dimension, queryCount: 0, exactMicrosecondsP50: 0, points: [])
    let queries = sample(queryCount)
    guard !queries.isEmpty else { return measurement }
    measurement.queryCount = queries.count
    let numbers = segments.map(\.recordIDs)
    let clock = ContinuousClock()
    var exact: [Double] = []
    var truths: [[Float]] = []
    for query in queries {
      try check()
      let start = clock.now
      truths.append(try nearest(to: query, numbers, scratch))
      exact.append((clock.now - start).inSeconds * 1e6)
    }
    measurement.exactMicrosecondsP50 = exact.sorted()[exact.count / 2]
    let wanted = truths.reduce(0) { $0 + $1.count }
    for listSize in Set(listSizes.map { max(Self.measuredCount, $0) }).sorted() {
      let parameters = SearchParameters(k: Self.measuredCount, listSize: listSize)
      var latencies: [Double] = []
      var found = 0
      for (query, truth) in zip(queries, truths) {
        try check()
        let start = clock.now
        let hits = try search(query, parameters: parameters, filter: nil, scratch: scratch)
        latencies.append((clock.now - start).inSeconds * 1e6)
        // Of several that are as far away any is right.
        let reach = (truth.last ?? 0) + Self.distanceTolerance
        found += min(truth.count, hits.count { $0.distance <= reach })
      }
      latencies.sort()
      measurement.points.append(
        .init(
          listSize: listSize, recallAt10: Double(found) / Double(max(1, wanted)),
          latencyMicrosecondsP50: latencies[latencies.count / 2],
          latencyMicrosecondsP99: latencies[latencies.count * 99 / 100]))
    }
    return measurement
  }

  private static let measuredCount = 10
  /// What sums of products in another order differ by.
  private static let distanceTolerance: Float = 1e-5

  /// Every so many of the records themselves: nothing else is at hand that is like real questions.
  private func sample(_ count: Int) -> [[Float]] {
    let total = recordCount
    let step = max(1, total / max(1, count))
    var queries: [[Float]] = []
    var offset = 0
    for segment in segments {
      let ids = segment.recordIDs
      for place in ids.indices where (offset + place) % step == 0 {
        if let vector = segment.vector(of: ids[place]) { queries.append(vector) }
      }
      offset += ids.count
    }
    for place in 0..<tail.count where (offset + place) % step == 0 {
      queries.append(tail.vector(at: place))
    }
    return Array(queries.prefix(max(0, count)))
  }

  /// The distances of the records that are nearest of all, rising.
  private func nearest(
    to query: [Float], _ numbers: [[UInt64]], _ scratch: SearchScratch
  ) throws -> [Float] {
    let k = Self.measuredCount
    return try query.withUnsafeBufferPointer { query in
      var near: [Float] = []
      for (segment, ids) in zip(segments, numbers) {
        let distances = try segment.distances(of: ids, from: query, scratch: scratch)
        var best: [Float] = []
        for case let distance? in distances where best.count < k || distance < best[k - 1] {
          best.insert(distance, at: best.firstIndex { distance < $0 } ?? best.count)
          if best.count > k { best.removeLast() }
        }
        near += best
      }
      near += try tail.search(query, k: k).map(\.distance)
      return Array(near.sorted().prefix(k))
    }
  }
}
