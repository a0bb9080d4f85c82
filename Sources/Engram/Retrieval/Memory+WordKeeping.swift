internal import DurableStore
internal import Episodes
internal import Logging
internal import Platform
internal import Sync
internal import Synchronization
internal import TextSearch

// A process reads the index of words from its file. Where there is none its first search reads every episode, which
// takes a minute for a million of them: an import makes the file as it goes.
extension Memory {
  /// Brings the index of words up to what is stored, and writes it for the processes that come after, so that
  /// their first search need not read every episode.
  ///
  /// Searches do by themselves what is missing. This is for who has filled a cache, or stored much.
  ///
  /// - Throws: ``EngramError``: `storeAway`, `storeFailed`.
  /// - Complexity: linear in what was written since it was last done.
  public func prepareSearch() async throws(EngramError) {
    let added = addedEpisodes.exchange(0, ordering: .relaxed)
    do {
      try await engramErrors { try await updateRetrievalIndex(keeps: true) }
    } catch {
      addedEpisodes.add(added, ordering: .relaxed)
      throw error
    }
  }

  /// The same at the end of an import, if what this memory has stored is a good part of the whole: what is less is
  /// quickly read by the next search, which tells too what has failed here.
  public func prepareSearchAfterImport() async {
    let added = addedEpisodes.load(ordering: .relaxed)
    guard added >= Self.addedMin,
      let stored = try? await store.count(matching: EpisodeFilter()), added >= stored / 10
    else { return }
    try? await prepareSearch()
  }

  /// Has the index of words follow in the background once it has become half as large again: what an import that is
  /// cut off leaves to be read is bounded by what it has stored, and all that is written meanwhile by three times
  /// the file at its end.
  func noteAdded(_ count: Int) {
    let added = addedEpisodes.add(count, ordering: .relaxed).newValue
    guard added >= Self.addedBeforeFirst, added >= retrieval.read({ $0.text.count }) / 2,
      addedEpisodes.compareExchange(expected: added, desired: 0, ordering: .relaxed).exchanged
    else { return }
    tasks.start(priority: .background) { [weak self] in
      guard let self else { return }
      do {
        try await self.updateRetrievalIndex(keeps: true)
      } catch {
        self.logger.debug("the index of words does not follow the import yet: \(error)")
        self.addedEpisodes.add(added, ordering: .relaxed)
      }
    }
  }

  /// Fewer are read about as fast as the program starts.
  private static let addedMin = 1000
  private static let addedBeforeFirst = 5000
}
