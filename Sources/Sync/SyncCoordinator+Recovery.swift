internal import DurableStore
internal import Platform
internal import Synchronization

extension SyncCoordinator {
  /// Looks for a store that is away until it is back, and syncs then. Does nothing where that goes on already.
  ///
  /// It tries again when ``RetrySchedule`` says, and within a second when the file of the store comes or changes.
  public func recoverInBackground() {
    state.withLock { state in
      guard state.recovery == nil, !state.isClosed,
        connection.path != nil || connection.isElsewhere
      else { return }
      state.recovery = tasks.start(priority: .utility) { await self.recover() }
    }
  }

  private func recover() async {
    var seen = connection.stamp()
    while (try? await Task.sleep(for: Self.recoveryInterval)) != nil {
      let stamp = connection.stamp()
      // Files that are put back one after the other: a database is not to be opened before its log is there.
      let isStill = stamp == seen
      seen = stamp
      if isStill, await hasRecovered(stamp) { break }
    }
    state.withLock { $0.recovery = nil }
  }

  private func hasRecovered(_ stamp: StoreStamp?) async -> Bool {
    let now = now()
    let isDue = state.withLock { state in
      stamp != state.stamp || state.retryAt.map { now >= $0 } ?? true
    }
    guard isDue else { return false }
    do {
      try await run(.recovery)
      return true
    } catch {
      // What else may be wrong, such as a damaged segment, is tried again by searches.
      return !StoreAway.isMeant(by: error)
    }
  }

  /// How often the file of a store that is away is looked for: one system call.
  private static let recoveryInterval = Duration.milliseconds(250)
}
