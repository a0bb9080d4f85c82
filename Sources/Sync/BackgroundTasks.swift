internal import Synchronization

/// The tasks that something has begun and that go on beside its callers, so that its end can wait for them.
///
/// Thread-safe.
public final class BackgroundTasks: Sendable {
  private struct State {
    var nextID = 0
    var tasks: [Int: Task<Void, Never>] = [:]
    var isClosed = false
  }

  private let state = Mutex(State())

  public init() {}

  /// Begins a task; after ``close()`` does nothing.
  ///
  /// - Returns: the task; one that has nothing to do after ``close()``.
  @discardableResult
  public func start(
    priority: TaskPriority? = nil, _ body: @escaping @Sendable () async -> Void
  ) -> Task<Void, Never> {
    state.withLock { state in
      if state.isClosed { return Task {} }
      let id = state.nextID
      state.nextID += 1
      let task = Task(priority: priority) {
        await body()
        self.ended(id)
      }
      state.tasks[id] = task
      return task
    }
  }

  private func ended(_ id: Int) { state.withLock { $0.tasks[id] = nil } }

  /// Waits for the tasks under way, and lets none begin from now on.
  public func close() async {
    let tasks = state.withLock { state in
      state.isClosed = true
      return Array(state.tasks.values)
    }
    for task in tasks { await task.value }
  }
}
