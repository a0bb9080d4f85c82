internal import Cache
internal import DurableStore
internal import Episodes
internal import Logging
internal import Platform
internal import Sync
internal import Synchronization
internal import TextSearch

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

extension Memory {
  /// Brings the index of words up to what the cache has, if it is behind.
  ///
  /// One task at a time reads the store; others that need it wait for that one.
  ///
  /// - Parameters:
  ///   - isCacheCurrent: whether the cache's state tells that of the store; else the store is asked.
  ///   - keeps: whether all of it is to be in the file.
  func updateRetrievalIndex(isCacheCurrent: Bool = true, keeps: Bool = false) async throws {
    let last = isCacheCurrent ? nil : try await store.lastChangeSequence()
    for _ in 1...Self.retrievalUpdatesMax {
      let state = try coordinator.cacheState()
      let wanted = last ?? state.watermark
      let isCurrent = retrieval.read {
        $0.filling == state.filling && $0.watermark >= wanted && $0.isFilled
          && !(keeps && $0.changeCount > 0)
      }
      if isCurrent { return }
      let task = retrievalUpdate.withLock { current in
        if let current { return current }
        let task = Task {
          defer { self.retrievalUpdate.withLock { $0 = nil } }
          try await self.readChangesForRetrieval(filling: state.filling, keeps: keeps)
        }
        current = task
        return task
      }
      try await task.value
    }
  }

  /// Each update ends beyond where the cache stood before it began; more are needed only where the cache
  /// belongs to another store meanwhile.
  private static let retrievalUpdatesMax = 3
  private static let retrievalPageSize = 500

  private func readChangesForRetrieval(filling: String, keeps: Bool) async throws {
    let store = try store
    if !retrieval.read({ $0.isFilled && $0.filling == filling }) {
      let path = configuration.home.wordIndexPath
      if let kept = try await checkLane.run({ RetrievalIndexFile.read(path, filling: filling) }) {
        replaceRetrievalIndex(by: kept)
      }
    }
    let isUsable = retrieval.read { $0.isFilled && $0.filling == filling }
    let reached = retrieval.read { $0.watermark }
    guard isUsable, try await applyChanges(after: reached, of: store) else {
      try await fillRetrievalIndex(from: store, filling: filling)
      // What was forgotten while it was being filled must not get into the file.
      if try await applyChanges(after: retrieval.read { $0.watermark }, of: store) {
        if retrieval.read({ $0.changeCount > 0 }) { compactRetrievalIndex() }
        await keepRetrievalIndex(of: store)
      }
      return
    }
    if isCompactionDue || keeps && retrieval.read({ $0.changeCount > 0 }) {
      compactRetrievalIndex()
      await keepRetrievalIndex(of: store)
    }
  }

  /// Writes the index of words for the processes that come after.
  private func keepRetrievalIndex(of store: DurableStore) async {
    let path = configuration.home.wordIndexPath
    do {
      let index = retrieval.read { $0 }
      // A few episodes are read as fast as a file.
      if index.text.count < Self.retrievalPageSize { return }
      try await checkLane.run { try RetrievalIndexFile.write(index, to: path) }
      // One that forgets takes the file away. If that was before the file was there, it is done here.
      let changes = try await store.changes(after: index.watermark, limit: Self.retrievalPageSize)
      if changes.count == Self.retrievalPageSize
        || changes.contains(where: { $0.kind == .episode && $0.operation == .delete })
      {
        unlink(path)
      }
    } catch {
      logger.debug("the index of words could not be kept: \(error)")
    }
  }

  /// Follows the change log.
  ///
  /// - Returns: false where entries that are needed have been trimmed.
  private func applyChanges(after start: Int64, of store: DurableStore) async throws -> Bool {
    var reached = start
    while true {
      try Task.checkCancellation()
      let changes = try await store.changes(after: reached, limit: Self.retrievalPageSize)
      guard let last = changes.last, let first = changes.first else {
        return try await store.firstChangeSequence() <= reached + 1
      }
      if first.sequence > reached + 1, try await store.firstChangeSequence() > reached + 1 {
        return false
      }
      try await apply(changes, of: store)
      reached = last.sequence
      if changes.count < Self.retrievalPageSize { return true }
    }
  }

  private func apply(_ changes: [Change], of store: DurableStore) async throws {
    var seen = Set<String>()
    let ids = changes.filter { $0.kind == .episode }.map(\.recordID)
      .filter { seen.insert($0).inserted }
    let embeddingIDs = changes.filter { $0.kind == .embedding }.compactMap { Int64($0.recordID) }
    let owners = embeddingIDs.isEmpty ? [:] : try await store.embeddingOwners(ids: embeddingIDs)
    let gone = embeddingIDs.filter { owners[$0] == nil }
    // Of episodes that did not change themselves.
    let embedded = owners.values.filter { $0.kind != .pattern }.map(\.id)
      .filter { seen.insert($0).inserted }
    let episodes = ids.isEmpty ? [] : try await store.episodes(ids: ids)
    let embeddings = try await store.embeddingIDs(ofEpisodes: ids + embedded)
    let terms = try currentAnalyzer().terms(of: episodes.map(\.searchedText))
    let found = Set(episodes.map(\.id))
    retrieval.write { index in
      for id in gone.compactMap(UInt64.init(exactly:)) { index.directory.removeEmbedding(id) }
      for id in ids where !found.contains(id) { index.remove(id) }
      for (episode, terms) in zip(episodes, terms) {
        index.put(episode, terms: terms, embeddings: embeddings[episode.id] ?? [])
      }
      for id in embedded { index.directory.setEmbeddings(embeddings[id] ?? [], of: id) }
      index.watermark = changes.last?.sequence ?? index.watermark
    }
  }

  /// Reads every episode.
  private func fillRetrievalIndex(from store: DurableStore, filling: String) async throws {
    // Read before the episodes: what is written meanwhile is in the log behind it.
    let watermark = try await store.lastChangeSequence()
    var index = RetrievalIndex(filling: filling, watermark: watermark)
    let analyzer = try currentAnalyzer()
    var page = try await Self.retrievalPage(of: store, after: nil)
    while !page.episodes.isEmpty {
      try Task.checkCancellation()
      // Read while this one is taken apart: each keeps a processor busy.
      let next = page.next
      async let following = Self.retrievalPage(of: store, after: next)
      let terms = try analyzer.terms(of: page.episodes.map(\.searchedText))
      for (episode, terms) in zip(page.episodes, terms) {
        index.put(episode, terms: terms, embeddings: page.embeddings[episode.id] ?? [])
      }
      page = try await following
    }
    var compacted = index.compacted()
    compacted.isFilled = true
    replaceRetrievalIndex(by: compacted)
  }

  /// The episodes after a place in the order of their start, and the numbers of their embeddings.
  private static func retrievalPage(
    of store: DurableStore, after cursor: EpisodeCursor?
  ) async throws -> (episodes: [Episode], embeddings: [String: [UInt64]], next: EpisodeCursor?) {
    let page = try await store.episodes(
      fromOldest: cursor, isInclusive: false, limit: retrievalPageSize)
    let ids = page.episodes.map(\.id)
    return (page.episodes, try await store.embeddingIDs(ofEpisodes: ids), page.next)
  }

  /// What is replaced is let go of outside the lock: it may be a million texts.
  private func replaceRetrievalIndex(by index: RetrievalIndex) {
    var index = index
    retrieval.write { swap(&$0, &index) }
  }

  /// Whether what was added has become a good part of the whole.
  private var isCompactionDue: Bool {
    retrieval.read { $0.changeCount > 1000 + $0.text.count / 10 }
  }

  /// Freezes what was added.
  private func compactRetrievalIndex() {
    // Nobody else changes the index meanwhile: updates take turns. The copy shares its storage.
    replaceRetrievalIndex(by: retrieval.read { $0 }.compacted())
  }

  /// The words of the episodes in the cache that meet a filter, while the store is away.
  func cachedRetrievalIndex(of episodes: [Episode]) throws -> RetrievalIndex {
    var index = RetrievalIndex(filling: "", watermark: 0)
    let terms = try currentAnalyzer().terms(of: episodes.map(\.searchedText))
    for (episode, terms) in zip(episodes, terms) {
      index.put(
        episode, terms: terms,
        embeddings: try records.embeddingIDs(of: .episode, ownerID: episode.id))
    }
    return index
  }
}
