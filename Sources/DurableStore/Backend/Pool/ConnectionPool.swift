internal import Platform
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
  private enum Turn: Sendable {
    case connection(Connection)
    /// There is room for one more: the caller opens it.
    case open
    case failed(SQLError)
  }

  private struct Waiter {
    var since: Duration
    var continuation: CheckedContinuation<Turn, Never>
  }

  private struct State {
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
  private let clock: StoreClock
  private let open: @Sendable () async throws(SQLError) -> Connection
  private let state: Mutex<State>

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

  // MARK: - Turns

  private static var closed: SQLError { SQLError(kind: .closed, message: "the store is closed") }

  private func takeTurn(_ state: inout State) -> Turn? {
    if let free = state.idle.popLast() {
      state.counts.active += 1
      state.counts.acquiredCount += 1
      return .connection(free.connection)
    }
    guard state.hasRoom else { return nil }
    state.counts.opening += 1
    return .open
  }

  private static func count(_ waiter: Waiter, now: Duration, in state: inout State) {
    let seconds = (now - waiter.since).inSeconds
    state.counts.waitSeconds += seconds
    state.counts.waitSecondsMax = max(state.counts.waitSecondsMax, seconds)
  }

  /// Room has become free: the first in line may open a connection.
  private func nextOpener(_ state: inout State, now: Duration) -> Waiter? {
    guard !state.isClosed, state.hasRoom, let waiter = state.line.popFirst() else { return nil }
    Self.count(waiter, now: now, in: &state)
    state.counts.opening += 1
    return waiter
  }

  private func wait() async -> Turn {
    let id = state.withLock { $0.line.takeNumber() }
    let turn = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in join(id, continuation) }
    } onCancel: {
      let now = clock.now()
      let waiter = state.withLock { state in
        let waiter = state.line.leave(id)
        if let waiter { Self.count(waiter, now: now, in: &state) }
        return waiter
      }
      waiter?.continuation.resume(returning: .failed(Self.cancelled))
    }
    state.withLock { $0.line.forget(id) }
    return turn
  }

  private static var cancelled: SQLError {
    SQLError(kind: .cancelled, message: "the task was cancelled")
  }

  private func join(_ id: UInt64, _ continuation: CheckedContinuation<Turn, Never>) {
    let now = clock.now()
    let (turn, watches) = state.withLock { state -> (Turn?, Bool) in
      if state.isClosed { return (.failed(Self.closed), false) }
      // Something may have become free since it was looked for.
      if let turn = takeTurn(&state) { return (turn, false) }
      let waiter = Waiter(since: now, continuation: continuation)
      guard
        state.line.join(
          id, deadline: now + .seconds(bounding: configuration.waitSecondsMax), waiter)
      else { return (.failed(Self.cancelled), false) }
      state.counts.waitCount += 1
      defer { state.isWatchingLine = true }
      return (nil, !state.isWatchingLine)
    }
    if let turn { continuation.resume(returning: turn) }
    if watches { watchLine() }
  }

  // MARK: - Opening

  private func openConnection() async throws(SQLError) -> Connection {
    let connection: Connection
    do throws(SQLError) {
      connection = try await openInTime()
    } catch {
      let now = clock.now()
      // Whoever waits tries for himself.
      let next = state.withLock { state in
        state.counts.opening -= 1
        state.counts.openFailureCount += 1
        return nextOpener(&state, now: now)
      }
      next?.continuation.resume(returning: .open)
      throw error
    }
    let isClosed = state.withLock { state in
      state.counts.opening -= 1
      state.counts.openedCount += 1
      if state.isClosed { return true }
      state.counts.active += 1
      state.counts.acquiredCount += 1
      return false
    }
    guard isClosed else { return connection }
    connection.close()
    throw Self.closed
  }

  /// A connection that comes too late is closed.
  private func openInTime() async throws(SQLError) -> Connection {
    let race = Race<Connection>()
    let open = open
    let clock = clock
    let seconds = configuration.connectSecondsMax
    Task {
      let result: Result<Connection, SQLError>
      do throws(SQLError) {
        result = .success(try await open())
      } catch {
        result = .failure(error)
      }
      if !race.finish(result), case .success(let connection) = result { connection.close() }
    }
    let timer = Task {
      guard (try? await clock.sleep(.seconds(bounding: seconds))) != nil else { return }
      _ = race.finish(
        .failure(
          SQLError(kind: .unreachable, message: "no connection could be opened in \(seconds) s")))
    }
    defer { timer.cancel() }
    return try await race.result().get()
  }

  // MARK: - Watching the clock

  /// Sends those away whose time is up, until nobody waits.
  private func watchLine() {
    Task { [weak self, clock] in
      while let deadline = self?.expireWaiters() {
        try? await clock.sleep(max(deadline - clock.now(), .milliseconds(1)))
      }
    }
  }

  /// - Returns: when to look again; nil when nobody waits.
  private func expireWaiters() -> Duration? {
    let now = clock.now()
    let (expired, next) = state.withLock { state -> ([Waiter], Duration?) in
      var expired: [Waiter] = []
      while let waiter = state.line.popExpired(at: now) {
        Self.count(waiter, now: now, in: &state)
        state.counts.timedOutCount += 1
        expired.append(waiter)
      }
      let next = state.line.firstDeadline
      if next == nil { state.isWatchingLine = false }
      return (expired, next)
    }
    if !expired.isEmpty {
      let statistics = statistics
      let error = SQLError(
        kind: .poolExhausted,
        message: "no connection became free in \(configuration.waitSecondsMax) s: "
          + "\(statistics.active) of \(statistics.connectionsMax) are in use")
      for waiter in expired { waiter.continuation.resume(returning: .failed(error)) }
    }
    return next
  }

  /// Closes connections that nobody has used for long, until only the minimum is left.
  private func watchIdle() {
    Task { [weak self, clock] in
      while let deadline = self?.retireIdle() {
        try? await clock.sleep(max(deadline - clock.now(), .milliseconds(1)))
      }
    }
  }

  private func retireIdle() -> Duration? {
    let now = clock.now()
    let limit = Duration.seconds(bounding: configuration.idleSecondsMax)
    let (retired, next) = state.withLock { state -> ([Connection], Duration?) in
      var retired: [Connection] = []
      while state.idle.count > configuration.idleMin, let oldest = state.idle.first,
        oldest.since + limit <= now
      {
        retired.append(state.idle.removeFirst().connection)
        state.counts.retiredCount += 1
      }
      guard state.idle.count > configuration.idleMin, let oldest = state.idle.first else {
        state.isWatchingIdle = false
        return (retired, nil)
      }
      return (retired, oldest.since + limit)
    }
    for connection in retired { connection.close() }
    return next
  }
}
