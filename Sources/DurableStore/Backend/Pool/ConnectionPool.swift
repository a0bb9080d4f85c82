internal import Synchronization

/// A bounded number of connections, handed out first come, first served.
///
/// A connection that is given back goes to the caller who waits longest; only without one does it
/// become idle. The connection used last is handed out first, because its pages and statements are
/// warm, and so those above the minimum grow old and are closed.
///
/// GRDB's `DatabasePool` bounds its readers too, but by a semaphore: a caller cannot give up waiting,
/// neither after a time nor when its task is cancelled, readers are never closed while they are idle,
/// nothing is counted, and every read changes threads, which takes longer than reading a row. Its
/// queues know nothing of servers either. Hence this pool, which any kind of connection fits.
///
/// May be used from any number of tasks.
final class ConnectionPool<Connection: PooledConnection>: Sendable {
  enum Turn: Sendable {
    case connection(Connection)
    /// There is room for one more: the caller opens it.
    case open
    case failed(SQLError)
  }

  struct Waiter {
    var since: Duration
    var continuation: CheckedContinuation<Turn, Never>
  }

  struct State {
    /// The one used last at the end.
    var idle: [(connection: Connection, since: Duration)] = []
    var line = WaitingLine<Waiter>()
    var counts = PoolStatistics()
    var isClosed = false
    var isWatchingLine = false
    var isWatchingIdle = false

    var hasRoom: Bool { counts.active + counts.opening + idle.count < counts.connectionsMax }
  }

  let configuration: PoolConfiguration
  let clock: StoreClock
  let open: @Sendable () async throws(SQLError) -> Connection
  let state: Mutex<State>

  /// - Parameters:
  ///   - connectionsMax: the most connections of this pool.
  ///   - open: opens a connection.
  init(
    connectionsMax: Int, configuration: PoolConfiguration, clock: StoreClock,
    open: @escaping @Sendable () async throws(SQLError) -> Connection
  ) {
    self.configuration = configuration
    self.clock = clock
    self.open = open
    var state = State()
    state.counts.connectionsMax = max(1, connectionsMax)
    self.state = Mutex(state)
  }

  var statistics: PoolStatistics {
    state.withLock { state in
      var counts = state.counts
      counts.idle = state.idle.count
      counts.waiting = state.line.count
      return counts
    }
  }

  /// Runs `body` with a connection.
  ///
  /// - Throws: ``SQLError`` of kind `poolExhausted` when none became free in time, `cancelled` when the
  ///   task was cancelled while it waited, or what opening or `body` throws.
  func withConnection<Value>(
    _ body: (Connection) async throws -> Value
  ) async throws -> Value {
    let connection = try await acquire()
    defer { release(connection) }
    return try await body(connection)
  }

  /// A connection, if one is free now.
  func acquireIdle() -> Connection? {
    state.withLock { state in
      guard !state.isClosed, let free = state.idle.popLast() else { return nil }
      state.counts.active += 1
      state.counts.acquiredCount += 1
      return free.connection
    }
  }

  /// A connection, to be given back with ``release(_:)``.
  func acquire() async throws(SQLError) -> Connection {
    if let connection = acquireIdle() { return connection }
    let now = state.withLock { state -> Turn? in
      if state.isClosed { return .failed(Self.closed) }
      return takeTurn(&state)
    }
    let turn: Turn
    if let now { turn = now } else { turn = await wait() }
    switch turn {
    case .connection(let connection): return connection
    case .open: return try await openConnection()
    case .failed(let error): throw error
    }
  }

  /// Takes a connection back.
  func release(_ connection: Connection) {
    let isUsable = connection.isUsable
    let now = clock.now()
    let (handedOver, kept, watches) = state.withLock { state -> (Waiter?, Bool, Bool) in
      state.counts.active -= 1
      guard isUsable, !state.isClosed else {
        if !state.isClosed { state.counts.retiredCount += 1 }
        return (nextOpener(&state, now: now), false, false)
      }
      if let waiter = state.line.popFirst() {
        state.counts.active += 1
        state.counts.acquiredCount += 1
        Self.count(waiter, now: now, in: &state)
        return (waiter, true, false)
      }
      state.idle.append((connection, now))
      let watches = state.idle.count > configuration.idleMin && !state.isWatchingIdle
      if watches { state.isWatchingIdle = true }
      return (nil, true, watches)
    }
    if !kept { connection.close() }
    handedOver?.continuation.resume(returning: kept ? .connection(connection) : .open)
    if watches { watchIdle() }
  }

  /// Opens connections until ``PoolConfiguration/idleMin`` are there. Failures are left to those who
  /// ask for a connection.
  func fill() async {
    while true {
      let isNeeded = state.withLock { state in
        guard !state.isClosed, state.hasRoom,
          state.counts.active + state.counts.opening + state.idle.count < configuration.idleMin
        else { return false }
        state.counts.opening += 1
        return true
      }
      guard isNeeded, let connection = try? await openConnection() else { return }
      state.withLock { $0.counts.acquiredCount -= 1 }
      release(connection)
    }
  }

  /// Closes the idle connections now and the others when they are given back. Those who wait, and
  /// every call after it, get an error.
  func close() {
    let (idle, waiters) = state.withLock { state in
      state.isClosed = true
      var waiters: [Waiter] = []
      while let waiter = state.line.popFirst() { waiters.append(waiter) }
      defer { state.idle = [] }
      return (state.idle, waiters)
    }
    for waiter in waiters { waiter.continuation.resume(returning: .failed(Self.closed)) }
    for (connection, _) in idle { connection.close() }
  }
}
