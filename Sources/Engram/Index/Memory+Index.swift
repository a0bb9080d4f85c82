internal import Cache
internal import Dispatch
internal import DurableStore
internal import Embedders
internal import Episodes
internal import Platform
internal import Sync
public import Vamana
internal import VectorMath

extension Memory {
  private static let readBatchSize = 2000

  /// Builds the index anew over all embeddings of episodes by the model, publishes it in the durable store, and
  /// carries it to the cache. Searches go on meanwhile.
  ///
  /// - Parameter progress: called now and then; return false to cancel, which cancelling the task does as well.
  /// - Throws: ``EngramError``, with code `cancelled` for a build that was; the old index stays then.
  public func buildIndex(
    progress: (@Sendable (BuildProgress) -> Bool)? = nil
  ) async throws(EngramError) -> IndexBuildReport {
    try await engramErrors {
      let embedder = try currentEmbedder()
      // A seal takes seconds; it would leave a segment beside the new one.
      let lock = try await waitForIndexLock()
      defer { withExtendedLifetime(lock) {} }
      let replaced = try await store.segments(model: embedder.model).map(\.id)
      let (ids, vectors) = try await vectors(
        of: embedder.model, dimension: embedder.dimension, in: 1...Int64.max)
      // Patterns are few, and searched without it.
      guard !ids.isEmpty else {
        throw EngramError(
          code: .notFound, message: "there is nothing to index: the memory holds no episode")
      }
      var report = IndexBuildReport(
        count: ids.count, dimension: embedder.dimension, replacedSegments: replaced)
      let pieceCount = recordsASegmentMax(dimension: embedder.dimension)
      for start in stride(from: 0, to: ids.count, by: pieceCount) {
        let piece = start..<min(ids.count, start + pieceCount)
        let clock = ContinuousClock()
        let began = clock.now
        let image = try await build(
          Array(
            vectors[piece.lowerBound * embedder.dimension..<piece.upperBound * embedder.dimension]),
          dimension: embedder.dimension, ids: Array(ids[piece]), model: embedder.model,
          configuration: configuration.index, progress: progress)
        report.buildSeconds += (clock.now - began).inSeconds
        report.byteCount += image.bytes.count
        // The old segments go with the last piece: until then a search finds records twice, and
        // returns them once.
        let isLast = piece.upperBound == ids.count
        let published = try await publish(
          image, of: Array(ids[piece]), model: embedder.model, dimension: embedder.dimension,
          replaces: isLast ? replaced : [])
        report.segmentIDs.append(published.id)
      }
      try await sync(.afterWrite)
      return report
    }
  }

  /// The embeddings of episodes by a model whose ids lie in a range, in their order.
  ///
  /// - Parameter limit: the most to read.
  func vectors(
    of model: String, dimension: Int, in range: ClosedRange<Int64>, limit: Int = .max
  ) async throws -> (ids: [UInt64], vectors: [Float]) {
    var ids: [UInt64] = []
    var vectors: [Float] = []
    var last = range.lowerBound - 1
    while last < range.upperBound, ids.count < limit {
      try Task.checkCancellation()
      let page = try await store.embeddings(
        after: last, limit: Self.readBatchSize, model: model, includingPatterns: false)
      for stored in page
      where stored.id <= range.upperBound && stored.embedding.dimension == dimension {
        // One that cannot be compared must not keep the others out; see `appendUsable`.
        guard stored.embedding.vector.withUnsafeBufferPointer(VectorValues.areUsable) else {
          continue
        }
        // A number that none can have is damage, and no vector of a memory's own.
        guard let id = UInt64(exactly: stored.id) else { continue }
        if ids.count == limit { break }
        ids.append(id)
        vectors += stored.embedding.vector
      }
      guard let end = page.last else { break }
      last = end.id
    }
    return (ids, vectors)
  }

  /// Stores a segment for all nodes, in place of others.
  func publish(
    _ image: SegmentImage, of ids: [UInt64], model: String, dimension: Int, replaces: [Int64]
  ) async throws -> IndexSegment {
    let published = try await store.publishSegment(
      SegmentContents(
        model: model, metric: Metric.cosine.description, dimension: dimension,
        vectorCount: ids.count,
        embeddingIDs: Int64(ids[0])...Int64(ids[ids.count - 1])),
      image: image.bytes, replaces: replaces)
    withExtendedLifetime(image) {}
    return published
  }

  /// How many records fit an image that the cache can hold.
  func recordsASegmentMax(dimension: Int) -> Int {
    var low = 1
    var high = 1 << 31
    while low < high {
      let middle = (low + high + 1) / 2
      let bytes = SegmentBuilder.imageByteCount(
        count: middle, dimension: dimension, configuration: configuration.index)
      if bytes <= SegmentCache.imageBytesMax { low = middle } else { high = middle - 1 }
    }
    return low
  }

  /// Builds on a thread of its own: tasks must not block theirs for so long. Ends soon when the task is cancelled.
  func build(
    _ vectors: [Float], dimension: Int, ids: [UInt64], model: String,
    configuration: VamanaConfiguration, progress: (@Sendable (BuildProgress) -> Bool)?
  ) async throws -> SegmentImage {
    let isCancelled = BuildCancellation()
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        DispatchQueue.global().async {
          continuation.resume(
            with: Result {
              try vectors.withUnsafeBufferPointer {
                try SegmentBuilder.build(
                  vectors: $0, dimension: dimension, recordIDs: ids, metric: .cosine, model: model,
                  configuration: configuration
                ) { (progress?($0) ?? true) && !isCancelled.isSet }
              }
            })
        }
      }
    } onCancel: {
      isCancelled.set()
    }
  }

  /// What the index consists of.
  ///
  /// - Complexity: linear in the number of indexed records.
  public func indexStatus() async throws(EngramError) -> IndexStatus {
    try await engramErrors {
      let embedder = try currentEmbedder()
      await catchUp()
      let snapshot = try await currentSnapshot(model: embedder.model, dimension: embedder.dimension)
      var dead = 0
      for ids in snapshot.segments.map(\.recordIDs) + [snapshot.tail.recordIDs] {
        dead += try records.embeddingOwners(ids: ids).count { $0 == nil }
      }
      return IndexStatus(
        segments: zip(snapshot.segmentIDs, snapshot.segments).map { id, segment in
          IndexStatus.Segment(
            id: id, model: segment.model, count: segment.count, byteCount: segment.byteCount)
        },
        tailCount: snapshot.tail.count, deadCount: dead,
        embeddingCount: try await store.embeddingCount(
          model: embedder.model, includingPatterns: false))
    }
  }

  /// Reads every byte of the index, and asks it for a sample of its own vectors.
  ///
  /// - Parameter queryCount: how many.
  /// - Complexity: linear in the bytes of the index, and `queryCount` exact searches.
  public func verifyIndex(queryCount: Int = 200) async throws(EngramError) -> IndexVerification {
    try await engramErrors {
      let embedder = try currentEmbedder()
      var verification = IndexVerification()
      await catchUp()
      do {
        let snapshot = try await currentSnapshot(
          model: embedder.model, dimension: embedder.dimension)
        for (id, segment) in zip(snapshot.segmentIDs, snapshot.segments) {
          verification.segmentCount += 1
          verification.recordCount += segment.count
          do {
            try segment.verify()
          } catch {
            verification.problems.append("segment \(id): \(error)")
          }
        }
        verification.recordCount += snapshot.tail.count
        try measure(snapshot, queryCount: queryCount, into: &verification)
      } catch let error as EngramError where error.code == .indexDamaged {
        verification.problems.append(error.message)
      }
      return verification
    }
  }

  private func measure(
    _ snapshot: IndexSnapshot, queryCount: Int, into verification: inout IndexVerification
  ) throws {
    var flat = snapshot.tail
    for segment in snapshot.segments {
      for id in segment.recordIDs {
        guard let vector = segment.vector(of: id) else { continue }
        try vector.withUnsafeBufferPointer { try flat.append($0, recordID: id) }
      }
    }
    guard flat.count > 0 else { return }
    // Every so many of the records themselves: nothing else is at hand that is like real questions.
    let stride = max(1, flat.count / max(1, queryCount))
    var found = 0
    var wanted = 0
    var latencies: [Double] = []
    let clock = ContinuousClock()
    for index in Swift.stride(from: 0, to: flat.count, by: stride) {
      let query = flat.vector(at: index)
      let truth = try query.withUnsafeBufferPointer { try flat.search($0, k: 10) }
      let start = clock.now
      let hits = try scratches.withScratch { scratch in
        try snapshot.search(
          query, parameters: configuration.searchParameters(k: 10), filter: nil, scratch: scratch)
      }
      latencies.append((clock.now - start).inSeconds * 1e6)
      let nearest = Set(truth.map(\.recordID))
      found += hits.count { nearest.contains($0.recordID) }
      wanted += truth.count
    }
    latencies.sort()
    verification.queryCount = latencies.count
    verification.recallAt10 = Double(found) / Double(max(1, wanted))
    verification.latencyMicrosecondsP50 = latencies[latencies.count / 2]
    verification.latencyMicrosecondsP99 = latencies[latencies.count * 99 / 100]
  }
}
