internal import Platform
internal import Synchronization

/// Who leaves the line, and when.
extension SQLiteWriter {
  /// Takes the first in line out.
  static func popFirst(of state: inout State, at now: Duration) -> Job? {
    guard let job = state.line.popFirst() else { return nil }
    left(job, at: now, &state)
    return job
  }

  /// Counts the wait of a job that is no longer in the line.
  static func left(_ job: Job, at now: Duration, _ state: inout State) {
    guard job.work.isWrite else { return }
    let seconds = (now - job.since).inSeconds
    state.waitingWriteCount -= 1
    state.counts.waitSeconds += seconds
    state.counts.waitSecondsMax = max(state.counts.waitSecondsMax, seconds)
  }

  // MARK: - Deadlines

  /// Sends those away whose time is up, until nobody waits.
  func watchLine() {
    Task { [weak self, clock] in
      while let deadline = self?.expire() {
        try? await clock.sleep(max(deadline - clock.now(), .milliseconds(1)))
      }
    }
  }

  /// - Returns: when to look again; nil when nobody waits.
  private func expire() -> Duration? {
    let now = clock.now()
    let (expired, next, vacuumSince) = state.withLock { state -> ([Job], Duration?, Duration?) in
      var expired: [Job] = []
      while let deadline = firstDeadline(state), deadline <= now,
        let job = Self.popFirst(of: &state, at: now)
      {
        if job.work.isWrite { state.counts.timedOutCount += 1 }
        expired.append(job)
      }
      let next = firstDeadline(state)
      if next == nil { state.isWatching = false }
      return (expired, next, state.vacuumSince)
    }
    let error =
      vacuumSince.map { vacuumed(for: now - $0) }
      ?? SQLError(
        kind: .poolExhausted,
        message: "the writing connection did not become free in "
          + "\(configuration.waitSecondsMax) s")
    for job in expired { job.work.fail(error) }
    return next
  }

  /// When the first in line has waited long enough. Whoever came later has a later deadline.
  private func firstDeadline(_ state: State) -> Duration? {
    guard let deadline = state.line.firstDeadline, let first = state.line.first else { return nil }
    guard let since = state.vacuumSince else { return deadline }
    return max(deadline, max(first.since, since) + .seconds(configuration.vacuumSecondsMax))
  }

  // MARK: - Vacuums

  /// From now on waiting does not count.
  func vacuumBegan() {
    let now = clock.now()
    state.withLock { $0.vacuumSince = $0.vacuumSince ?? now }
  }

  /// From now on waiting counts again.
  func vacuumEnded() {
    let now = clock.now()
    let isAwaited = state.withLock { state in
      guard let since = state.vacuumSince else { return false }
      state.vacuumSince = nil
      state.line.postpone { job in max(.zero, now - max(job.since, since)) }
      return !state.line.isEmpty
    }
    // Who watches the line may sleep until a time that was right while the vacuum ran.
    if isAwaited { watchLine() }
  }

  func vacuumed(for time: Duration) -> SQLError {
    SQLError(
      kind: .poolExhausted,
      message:
        "the store is being vacuumed, for \(Int(time.inSeconds)) s now, and writes wait for that "
        + "no longer than \(configuration.vacuumSecondsMax) s; try again when it has ended")
  }
}
