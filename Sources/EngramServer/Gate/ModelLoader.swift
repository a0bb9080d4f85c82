internal import Embedders
internal import Sync
internal import Synchronization

/// Makes the embedder once, on a thread of its own, so that nobody who can do without it waits for it.
final class ModelLoader: Sendable {
  private struct Loading {
    var state = ModelState.loading
    var task: Task<Void, any Error>?
    var failedAt: ContinuousClock.Instant?
  }

  private let make: @Sendable () throws -> any Embedder
  private let made = Mutex<(any Embedder)?>(nil)
  private let loading = Mutex(Loading())
  private let lane = BlockingLane("engram.model")

  /// What was missing may have been put there meanwhile.
  private static let retryAfter = Duration.seconds(5)

  init(_ make: @escaping @Sendable () throws -> any Embedder) { self.make = make }

  var state: ModelState { loading.withLock(\.state) }

  /// The embedder; made by the first who asks, for whom it takes a while.
  func embedder() throws -> any Embedder {
    try made.withLock { made in
      if let made { return made }
      do {
        let new = try make()
        made = new
        loading.withLock { $0.state = .ready }
        return new
      } catch {
        loading.withLock {
          $0.state = .failed("\(error)")
          $0.failedAt = .now
        }
        throw error
      }
    }
  }

  /// Begins to load, if that has not been done, or failed a while ago.
  ///
  /// - Returns: the loading, under way or done.
  @discardableResult
  func start() -> Task<Void, any Error> {
    loading.withLock { loading in
      let isOver = loading.failedAt.map { .now - $0 > Self.retryAfter } ?? false
      if let task = loading.task, !isOver { return task }
      if isOver {
        loading.state = .loading
        loading.failedAt = nil
      }
      let task = Task { [self] in
        try await lane.run {
          _ = try self.embedder()
        }
      }
      loading.task = task
      return task
    }
  }
}
