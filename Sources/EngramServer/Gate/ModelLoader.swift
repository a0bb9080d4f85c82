internal import Embedders
internal import Engram
internal import Sync
internal import Synchronization

/// Makes the embedder once, on a thread of its own: nobody who can do without it waits for it, and nobody waits
/// for it with a thread that tasks share.
final class ModelLoader: Sendable {
  private enum State {
    case waiting
    case loading(Task<Void, any Error>)
    case ready(any Embedder)
    case failed(any Error, at: ContinuousClock.Instant)
  }

  private let make: @Sendable () throws -> any Embedder
  private let current = Mutex(State.waiting)
  private let lane = BlockingLane("engram.model")

  private let retryAfter: Duration

  /// - Parameter retryAfter: for how long a failure stands. What was missing may have been put there meanwhile.
  init(
    retryAfter: Duration = .seconds(5), _ make: @escaping @Sendable () throws -> any Embedder
  ) {
    self.retryAfter = retryAfter
    self.make = make
  }

  var state: ModelState {
    current.withLock { current in
      switch current {
      case .waiting, .loading: .loading
      case .ready: .ready
      case .failed(let error, _): .failed("\(error)")
      }
    }
  }

  /// The embedder, if it has been made. Never waits.
  ///
  /// - Throws: why it could not be made; `EngramError` with code `modelMissing` while it has not been.
  func embedder() throws -> any Embedder {
    try current.withLock { current in
      switch current {
      case .ready(let embedder): return embedder
      case .failed(let error, _): throw error
      case .waiting, .loading:
        throw EngramError(
          code: .modelMissing, message: "the embedding model is still being loaded")
      }
    }
  }

  /// Begins to load, if that has not been done, or failed a while ago.
  ///
  /// - Returns: the loading, under way or done.
  @discardableResult
  func start() -> Task<Void, any Error> {
    current.withLock { current in
      switch current {
      case .loading(let task): return task
      case .ready: return Task {}
      case .failed(let error, let time) where .now - time < retryAfter:
        return Task { throw error }
      case .failed, .waiting:
        let task = Task { [self] in
          do {
            let made = try await lane.run { [make] in try make() }
            self.current.withLock { $0 = .ready(made) }
          } catch {
            self.current.withLock { $0 = .failed(error, at: .now) }
            throw error
          }
        }
        current = .loading(task)
        return task
      }
    }
  }
}
