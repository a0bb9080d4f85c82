internal import Synchronization

/// Sends away who waits too long, and closes what is idle for long.
extension ConnectionPool {
  /// Sends those away whose time is up, until nobody waits.
  func watchLine() {
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
  func watchIdle() {
    Task { [weak self, clock] in
      while let deadline = self?.retireIdle() {
        try? await clock.sleep(max(deadline - clock.now(), .milliseconds(1)))
      }
    }
  }

  private func retireIdle() -> Duration? {
    let now = clock.now()
    let limit = Duration.seconds(configuration.idleSecondsMax)
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
