internal import Dispatch
internal import Synchronization
internal import VectorMath

/// The state of an index, its published view and its background threads.
///
/// Separate from ``VectorIndex`` so that a thread at work does not keep an index alive that its owner
/// let go.
final class IndexCore: Sendable {
  let dimension: Int
  let metric: Metric
  let configuration: VectorIndexConfiguration
  let storage: any SegmentStorage
  let observer: (@Sendable (MaintenanceEvent) -> Void)?
  let state: Mutex<IndexState>
  private let published: Mutex<IndexSnapshot>
  private let closedFlag = Atomic<Bool>(false)
  /// Orders the saving of manifests: a later one is never overwritten by an earlier one.
  let manifestOrder = Mutex(())

  init(
    state: sending IndexState, configuration: VectorIndexConfiguration,
    storage: any SegmentStorage, observer: (@Sendable (MaintenanceEvent) -> Void)?
  ) {
    dimension = state.dimension
    metric = state.metric
    self.configuration = configuration
    self.storage = storage
    self.observer = observer
    published = Mutex(state.snapshot)
    self.state = Mutex(state)
  }

  /// The newest view.
  var snapshot: IndexSnapshot { published.withLock { $0 } }

  /// Whether background work should stop.
  var isClosed: Bool { closedFlag.load(ordering: .relaxed) }

  /// Publishes what the state holds now. Called with the state locked, so that views follow each
  /// other in order.
  func publish(_ state: inout IndexState) {
    let snapshot = state.snapshot
    published.withLock { $0 = snapshot }
  }

  /// Runs `attempt` with the state locked until it returns something else than nil, with a wait for
  /// a change after each nil.
  func wait<Result: Sendable>(
    for attempt: (inout IndexState) throws(VectorIndexError) -> Result?
  ) throws(VectorIndexError) -> Result {
    while true {
      let (result, semaphore) = try state.withLock {
        state throws(VectorIndexError) -> (Result?, DispatchSemaphore?) in
        if let result = try attempt(&state) { return (result, nil) }
        return (nil, state.waiter())
      }
      if let result { return result }
      semaphore?.wait()
    }
  }

  /// Stops background work; those who wait are told.
  func stop() {
    closedFlag.store(true, ordering: .relaxed)
    state.withLock { state in
      state.isClosed = true
      state.wakeAll()
    }
  }
}
