internal import Platform
internal import Synchronization
internal import Vamana

/// Adds up the time that an index's background threads work.
final class UpdateWorkClock: Sendable {
  struct Totals: Sendable {
    var sealSeconds = 0.0
    var mergeSeconds = 0.0
    var storeSeconds = 0.0
  }

  private struct State {
    var totals = Totals()
    var since: [Int: ContinuousClock.Instant] = [:]
  }

  private let state = Mutex(State())

  var totals: Totals { state.withLock(\.totals) }

  func observe(_ event: MaintenanceEvent) {
    let now = ContinuousClock.now
    state.withLock { state in
      if let start = state.since[event.job] {
        let seconds = (now - start).inSeconds
        switch (event.phase, event.work) {
        case (.installed, _): state.totals.storeSeconds += seconds
        case (_, .seal): state.totals.sealSeconds += seconds
        case (_, .merge): state.totals.mergeSeconds += seconds
        }
      }
      state.since[event.job] = event.phase == .began || event.phase == .built ? now : nil
    }
  }
}
