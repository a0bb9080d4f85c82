public import Episodes

/// All episodes that meet a filter, latest start first, read page by page.
///
/// Episodes written while it is read neither shift nor repeat the rest. One page is in memory at a
/// time. Ends early when the task is cancelled.
public struct EpisodeSequence: AsyncSequence, Sendable {
  public typealias Element = Episode
  public typealias Failure = DurableStoreError

  let store: DurableStore
  let filter: EpisodeFilter
  let pageSize: Int

  public func makeAsyncIterator() -> Iterator {
    Iterator(store: store, filter: filter, pageSize: pageSize)
  }

  public struct Iterator: AsyncIteratorProtocol {
    let store: DurableStore
    let filter: EpisodeFilter
    let pageSize: Int
    private var page: [Episode] = []
    private var position = 0
    private var cursor: EpisodeCursor?
    private var reachedEnd = false

    init(store: DurableStore, filter: EpisodeFilter, pageSize: Int) {
      self.store = store
      self.filter = filter
      self.pageSize = pageSize
    }

    public mutating func next(
      isolation actor: isolated (any Actor)?
    ) async throws(DurableStoreError) -> Episode? {
      if position == page.count {
        if reachedEnd { return nil }
        let next = try await store.episodes(matching: filter, limit: pageSize, after: cursor)
        page = next.episodes
        position = 0
        cursor = next.next
        reachedEnd = next.next == nil
        if page.isEmpty { return nil }
      }
      defer { position += 1 }
      return page[position]
    }

    public mutating func next() async throws(DurableStoreError) -> Episode? {
      try await next(isolation: nil)
    }
  }
}

extension DurableStore {
  /// Every episode that meets a filter, latest start first, in bounded memory.
  ///
  /// - Parameter pageSize: how many are read at a time.
  public func allEpisodes(
    matching filter: EpisodeFilter = EpisodeFilter(), pageSize: Int = 64
  ) -> EpisodeSequence {
    EpisodeSequence(store: self, filter: filter, pageSize: max(1, pageSize))
  }
}
