internal import DurableStore
internal import Embedders
internal import Episodes
internal import Logging
internal import Platform
internal import Sync
internal import Synchronization

extension Memory {
  /// Learns from every completed episode that nothing has been learned from yet, and returns when that is
  /// done: by this call, or by whoever else learns in this home.
  ///
  /// A memory does so by itself in the background (``LearningSettings/isAutomatic``): completing an episode
  /// puts it into a queue in the same transaction, and each episode is counted once, however often and
  /// wherever learning is cut off.
  ///
  /// - Parameter progress: called after each batch with what was done so far.
  /// - Throws: ``EngramError``: `storeAway`, `storeFailed`. What was learned before stays.
  @discardableResult
  public func learnPending(
    progress: (@Sendable (LearningReport) -> Void)? = nil
  ) async throws(EngramError) -> LearningReport {
    var report = LearningReport()
    try await engramErrors { try await learningTurn.take() }
    do {
      try await engramErrors {
        try await store.keyPatterns()
        var recalled = RecalledPatterns()
        while try await learnBatch(&report, &recalled) {
          progress?(report)
          await syncAfterWrite()
        }
        report.embeddedPatterns = try await embedWhatIsMissing()
      }
      await learningTurn.give()
    } catch {
      await learningTurn.give()
      throw error
    }
    return report
  }

  /// How many completed episodes nothing has been learned from yet.
  ///
  /// - Throws: ``EngramError``: `storeAway`, `storeFailed`.
  public func pendingEpisodeCount() async throws(EngramError) -> Int {
    try await engramErrors { try await store.pendingEpisodeCount() }
  }

  /// - Returns: false when there was nothing to learn from.
  private func learnBatch(
    _ report: inout LearningReport, _ recalled: inout RecalledPatterns
  ) async throws -> Bool {
    var limit = configuration.learning.batchSize
    for attempt in 1... {
      try Task.checkCancellation()
      let pending = try await store.pendingEpisodes(limit: limit)
      report.problems += pending.problems.filter { !report.problems.contains($0) }
      if pending.episodes.isEmpty { return !pending.problems.isEmpty }
      try await recalled.recall(for: pending, from: store)
      let lesson = BatchLesson(
        from: pending, known: &recalled.known, at: configuration.now())
      do {
        recalled.settle(revision: try await store.commit(lesson.commit))
      } catch DurableStoreError.changedMeanwhile where attempt < Self.learningAttemptsMax {
        // Another process learned or forgot meanwhile. Of several that learn at once one always gets on.
        recalled = RecalledPatterns()
        try await Task.sleep(for: .milliseconds(Int.random(in: 1...20 * min(attempt, 10))))
        continue
      } catch let error as DurableStoreError where error.isOfContent {
        recalled = RecalledPatterns()
        guard pending.episodes.count == 1 else {
          // One of them cannot be learned from, and must not keep back the others.
          limit = max(1, pending.episodes.count / 2)
          continue
        }
        let problem = "episode '\(pending.episodes[0].episode.id)': \(error)"
        if !report.problems.contains(problem) { report.problems.append(problem) }
        try await store.noteLearningFailure(ofRow: pending.episodes[0].rowID)
        return true
      }
      if lesson.report.newPatterns > 0 || !lesson.commit.rewordedPatternIDs.isEmpty {
        // Stays so until they have been embedded, however often that fails.
        patternEmbeddings.withLock { $0.changed() }
      }
      report.episodes += lesson.report.episodes
      report.newPatterns += lesson.report.newPatterns
      report.mergedOccurrences += lesson.report.mergedOccurrences
      report.heuristics += lesson.report.heuristics
      return true
    }
    return false
  }

  private static let learningAttemptsMax = 200

  /// Starts learning in the background, if it is wanted.
  func startLearning() {
    guard configuration.learning.isAutomatic else { return }
    let made = BackgroundWorker(retrySeconds: configuration.learning.retrySeconds) { [weak self] in
      guard let self else { return true }
      do {
        for problem in try await self.learnPending().problems {
          self.logger.warning("an episode cannot be learned from: \(problem)")
        }
        // Without the model patterns are learned, and embedded when it is there.
        return self.patternEmbeddings.withLock { $0.isEmbedded }
      } catch {
        if Task.isCancelled { return true }
        self.logger.debug("learning is put off: \(error)")
        return false
      }
    }
    // For what was left behind.
    made.wake()
    worker.withLock { $0 = made }
  }

  func stopLearning() async {
    let worker = self.worker.withLock { worker in
      defer { worker = nil }
      return worker
    }
    await worker?.stop()
  }

  /// Tells the background that there is an episode to learn from.
  func learnSoon() { worker.withLock { $0?.wake() } }
}
