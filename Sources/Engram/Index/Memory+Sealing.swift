internal import DurableStore
internal import Logging
internal import Platform
internal import Sync
internal import Synchronization
internal import Vamana

extension Memory {
  /// Starts sealing in the background, if it is wanted; see ``SealingSettings``.
  func startSealing() {
    guard configuration.sealing.isAutomatic else { return }
    let made = BackgroundWorker(retrySeconds: configuration.sealing.retrySeconds) { [weak self] in
      guard let self else { return true }
      do {
        return try await self.sealAndMerge()
      } catch {
        if Task.isCancelled { return true }
        self.logger.warning("a part of the index is not sealed, searches scan it: \(error)")
        return false
      }
    }
    sealer.withLock { $0 = made }
  }

  func stopSealing() async {
    let sealer = self.sealer.withLock { sealer in
      defer { sealer = nil }
      return sealer
    }
    await sealer?.stop()
  }

  /// Tells the background to see whether the tail has grown.
  func sealSoon() { sealer.withLock { $0?.wake() } }

  /// Makes a segment of the tail if it has grown beyond its bound, and one of several where a tier of them is full.
  ///
  /// Only embeddings of the latest model are looked at. Whatever is cut off, nothing is lost: a segment that is not
  /// published whole is not there, and what it was to hold stays in the tail, or in the segments before it.
  ///
  /// - Returns: false where another process is at work on the index.
  private func sealAndMerge() async throws -> Bool {
    guard let model = try await store.latestModel() else { return true }
    guard let lock = try takeIndexLock() else { return false }
    defer { withExtendedLifetime(lock) {} }
    let settings = configuration.sealing
    while true {
      try Task.checkCancellation()
      let segments = try await store.segments(model: model.name)
        .sorted { $0.contents.embeddingIDs.lowerBound < $1.contents.embeddingIDs.lowerBound }
      let last = segments.map(\.contents.embeddingIDs.upperBound).max() ?? 0
      if try await store.hasEmbeddings(
        moreThan: settings.tailCountMax, after: last, model: model.name)
      {
        guard try await seal((last + 1)...Int64.max, of: model) else { return true }
        continue
      }
      guard let merged = segmentsToMerge(segments, dimension: model.dimension) else { return true }
      let ids = merged.map(\.contents.embeddingIDs)
      let range = ids[0].lowerBound...(ids.map(\.upperBound).max() ?? 0)
      guard try await seal(range, of: model, replaces: merged.map(\.id)) else { return true }
    }
  }

  /// Neighbours by their embeddings: a segment that lay between would be read with them.
  ///
  /// - Parameter segments: by their lowest embedding.
  private func segmentsToMerge(
    _ segments: [IndexSegment], dimension: Int
  ) -> ArraySlice<IndexSegment>? {
    let rowCountMax = min(
      configuration.sealing.mergedCountMax, recordsASegmentMax(dimension: dimension))
    return Self.runToMerge(segments.map(\.contents.vectorCount), rowCountMax: rowCountMax)
      .map { segments[segments.startIndex + $0.lowerBound...segments.startIndex + $0.upperBound] }
  }

  /// Of segments with so many vectors those side by side that should become one.
  ///
  /// - Complexity: O(segments²); there are a few dozen.
  static func runToMerge(_ counts: [Int], rowCountMax: Int) -> ClosedRange<Int>? {
    let policy = MergePolicy(rowCountMax: rowCountMax)
    // Where a large one lies between those that the policy names, later ones may still be merged.
    for start in counts.indices {
      // Which of them are dead is not counted: that would read the whole index each time.
      let sizes = counts[start...].map { MergePolicy.Size(rowCount: $0, aliveCount: $0) }
      guard let plan = policy.plan(sizes), let first = plan.segments.first,
        let last = plan.segments.last, first < last
      else { continue }
      let run = start + first...start + last
      if counts[run].reduce(0, +) <= rowCountMax { return run }
    }
    return nil
  }

  /// Builds a segment of the embeddings in a range of ids, publishes it and carries it to the cache.
  ///
  /// - Parameter replaces: the segments that hold what is in the range; none for the tail, of which as much is
  ///   taken as fits.
  /// - Returns: false if there was nothing to build it from.
  private func seal(
    _ range: ClosedRange<Int64>, of model: (name: String, dimension: Int), replaces: [Int64] = []
  ) async throws -> Bool {
    let most = recordsASegmentMax(dimension: model.dimension)
    // Of a long tail a piece at a time, so that memory is bounded, and what is done is kept.
    let piece = max(
      self.configuration.sealing.tailCountMax, self.configuration.sealing.mergedCountMax)
    let (ids, vectors) = try await vectors(
      of: model.name, dimension: model.dimension, in: range,
      limit: replaces.isEmpty ? min(most, piece) : .max)
    guard !ids.isEmpty else {
      // All that they held is deleted.
      for id in replaces { try await store.deleteSegment(id: id) }
      return !replaces.isEmpty
    }
    // What another process has published in their place meanwhile is not to be cut.
    if ids.count > most { return false }
    var configuration = configuration.index
    // Beside searches, which come first.
    configuration.threadCount = 1
    let isCancelled = CancellationFlag()
    try Task.checkCancellation()
    let image = try await withTaskCancellationHandler {
      try await build(
        vectors, dimension: model.dimension, ids: ids, model: model.name,
        configuration: configuration, progress: { _ in !isCancelled.isSet })
    } onCancel: {
      isCancelled.set()
    }
    try Task.checkCancellation()
    let segment = try await publish(
      image, of: ids, model: model.name, dimension: model.dimension, replaces: replaces)
    logger.debug(
      "sealed segment \(segment.id) of \(ids.count) embeddings, in place of \(replaces.count)")
    await syncAfterWrite()
    return true
  }

  // MARK: - One at a time

  /// Two that seal at once would publish the same embeddings twice: no answer would be wrong, but searches would go
  /// through both.
  private var indexLockPath: String { configuration.home.segmentCachePath + ".sealing" }

  /// - Returns: nil where another memory has it, of this process or another.
  private func takeIndexLock() throws -> FileLock? {
    try FileLock.take(path: indexLockPath, permissions: 0o600)
  }

  /// Waits for as long as it takes; a holder that was killed holds it no more.
  func waitForIndexLock() async throws -> FileLock {
    while true {
      if let lock = try takeIndexLock() { return lock }
      try await Task.sleep(for: .milliseconds(50))
    }
  }
}
