internal import DurableStore
internal import Engram
internal import Logging
internal import Synchronization

/// Follows the store's log of changes while somebody listens: what any process writes is noticed.
final class ChangeWatcher: Sendable {
  private struct State {
    var nextID: UInt64 = 0
    var listeners: [UInt64: @Sendable (MemoryEvent) -> Void] = [:]
    var task: Task<Void, Never>?
  }

  private let gate: MemoryGate
  private let interval: Duration
  private let state = Mutex(State())
  private let logger = Logger(label: "engram.mcp.changes")

  init(gate: MemoryGate, interval: Duration) {
    self.gate = gate
    self.interval = interval
  }

  deinit { state.withLock { $0.task?.cancel() } }

  /// Tells of every change that is made after the call has returned.
  ///
  /// - Parameter listener: called with one change after the other; must not wait.
  /// - Returns: for ``stop(_:)``.
  func listen(_ listener: @escaping @Sendable (MemoryEvent) -> Void) async throws -> UInt64 {
    // First: who listens from now on is not told less for what is noticed late.
    let last = try await gate.memory().lastChange()
    return state.withLock { state in
      state.nextID += 1
      state.listeners[state.nextID] = listener
      if state.task == nil {
        state.task = Task { [weak self] in await self?.watch(after: last) }
      }
      return state.nextID
    }
  }

  func stop(_ id: UInt64) {
    state.withLock { state in
      state.listeners[id] = nil
      guard state.listeners.isEmpty else { return }
      state.task?.cancel()
      state.task = nil
    }
  }

  private func watch(after start: Int64) async {
    var last = start
    while !Task.isCancelled {
      do {
        try await Task.sleep(for: interval)
        last = try await look(after: last)
      } catch is CancellationError {
        return
      } catch {
        // The store may be away for a while: what changed meanwhile is in its log.
        logger.debug("changes cannot be read: \(error)")
      }
    }
  }

  /// - Returns: the latest change that was told of.
  private func look(after start: Int64) async throws -> Int64 {
    let memory = try await gate.memory()
    guard let changes = try await memory.changes(after: start, limit: Self.pageSize) else {
      let last = try await memory.lastChange()
      tell([.anything])
      return last
    }
    var events: [MemoryEvent] = []
    var known: Set<MemoryEvent> = []
    for change in changes {
      let uri: ResourceURI
      switch change.kind {
      case .episode: uri = .episode(change.recordID)
      case .pattern: uri = .pattern(change.recordID)
      default: continue
      }
      if known.insert(.changed(uri)).inserted { events.append(.changed(uri)) }
      if change.operation != .update, known.insert(.listChanged).inserted {
        events.append(.listChanged)
      }
    }
    tell(events)
    return changes.last?.sequence ?? start
  }

  private func tell(_ events: [MemoryEvent]) {
    let listeners = state.withLock { Array($0.listeners.values) }
    for event in events { for listener in listeners { listener(event) } }
  }

  private static let pageSize = 500
}
