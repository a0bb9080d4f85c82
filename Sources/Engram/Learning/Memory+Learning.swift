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
    await learningTurn.take()
    var report = LearningReport()
    do {
      try await engramErrors {
        try await store.keyPatterns()
        var recalled = RecalledPatterns()
        var hasNewWords = false
        while try await learnBatch(&report, &recalled, &hasNewWords) {
          progress?(report)
          await syncAfterWrite()
        }
        // The model is loaded only if there is something to embed. Where it is missing there is no search
        // either.
        if hasNewWords || !hasEmbeddedPatterns.withLock({ $0 }),
          try await store.hasPatternWithoutEmbedding(), let embedder = try? currentEmbedder()
        {
          report.embeddedPatterns = try await embedPatterns(by: embedder)
        }
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
    _ report: inout LearningReport, _ recalled: inout RecalledPatterns, _ hasNewWords: inout Bool
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
      hasNewWords =
        hasNewWords || lesson.report.newPatterns > 0 || !lesson.commit.rewordedPatternIDs.isEmpty
      report.episodes += lesson.report.episodes
      report.newPatterns += lesson.report.newPatterns
      report.mergedOccurrences += lesson.report.mergedOccurrences
      report.heuristics += lesson.report.heuristics
      return true
    }
    return false
  }

  private static let learningAttemptsMax = 200

  /// Embeds the patterns that have no embedding of a model, for a search: those of an import, those that have
  /// other words since an episode was forgotten, and all when the model is another than before.
  func embedPatterns(ofNamespace namespace: String, by embedder: some Embedder) async throws {
    if hasEmbeddedPatterns.withLock({ $0 }),
      try await !store.hasPatternWithoutEmbedding(namespace: namespace, model: embedder.model)
    {
      return
    }
    _ = try await embedPatterns(by: embedder)
  }

  /// - Returns: how many there were.
  private func embedPatterns(by embedder: some Embedder) async throws -> Int {
    var count = 0
    while true {
      try Task.checkCancellation()
      let patterns = try await store.patternsWithoutEmbedding(
        model: embedder.model, limit: Self.embeddedAtOnce)
      if patterns.isEmpty {
        hasEmbeddedPatterns.withLock { $0 = true }
        return count
      }
      let texts = patterns.map(\.embeddedText)
      let embeddings = zip(zip(patterns, texts), try await embedder.embed(texts)).map {
        Embedding(
          owner: EmbeddingOwner(kind: .pattern, id: $0.0.id), model: embedder.model, vector: $1,
          contentHash: TextHash.contentHash(of: $0.1))
      }
      do {
        try await store.putEmbeddings(embeddings)
      } catch DurableStoreError.notFound {
        // One of them was forgotten meanwhile.
        continue
      }
      count += patterns.count
      await syncAfterWrite()
    }
  }

  private static let embeddedAtOnce = 64

  /// Starts learning in the background, if it is wanted.
  func startLearning() {
    guard configuration.learning.isAutomatic else { return }
    let made = LearningWorker(retrySeconds: configuration.learning.retrySeconds) { [weak self] in
      guard let self else { return true }
      do {
        for problem in try await self.learnPending().problems {
          self.logger.warning("an episode cannot be learned from: \(problem)")
        }
        return true
      } catch {
        if Task.isCancelled { return true }
        self.logger.debug("learning is put off: \(error)")
        return false
      }
    }
    worker.withLock { $0 = made }
  }

  func stopLearning() {
    worker.withLock { worker in
      worker?.stop()
      worker = nil
    }
  }

  /// Tells the background that there is an episode to learn from.
  func learnSoon() { worker.withLock { $0?.wake() } }
}
