internal import Platform
internal import Synchronization

/// Stops calling what keeps failing, and finds out when it works again.
///
/// Closed, it lets every call through and counts failures in a row. Enough of them open it: calls are
/// refused at once, which spares the caller the wait and the backend the load. After a while it is
/// half-open: a few calls at a time go through as probes; enough successes close it, one failure opens
/// it again.
///
/// Only the end of a call that was admitted in the present period counts: a slow call from before the
/// breaker opened says nothing about now. What counts as a failure is
/// ``SQLError/countsAsFailure``. The clock is only read, never waited on.
final class CircuitBreaker: Sendable {
  /// A call that was let through; to be given back with how it ended.
  struct Permit {
    fileprivate var period: Int
  }

  private enum Phase {
    case closed(failuresInARow: Int)
    case open(until: Duration)
    case halfOpen(underWay: Int, succeeded: Int)
  }

  private struct State {
    var phase = Phase.closed(failuresInARow: 0)
    /// Rises with every change of phase.
    var period = 0
    var openedCount = 0
    var refusedCount = 0
    var lastFailure: (error: SQLError, time: Duration)?

    mutating func enter(_ phase: Phase) {
      self.phase = phase
      period += 1
    }
  }

  private let configuration: CircuitBreakerConfiguration
  private let clock: StoreClock
  private let state = Mutex(State())

  init(_ configuration: CircuitBreakerConfiguration, clock: StoreClock) {
    self.configuration = configuration
    self.clock = clock
  }

  /// Lets a call through.
  ///
  /// - Throws: ``SQLError`` of kind `circuitOpen`, which names the last failure.
  func admit() throws(SQLError) -> Permit {
    let now = clock.now()
    let configuration = configuration
    return try state.withLock { (state) throws(SQLError) in
      if case .open(let until) = state.phase, now >= until {
        state.enter(.halfOpen(underWay: 0, succeeded: 0))
      }
      switch state.phase {
      case .closed: return Permit(period: state.period)
      case .halfOpen(let underWay, let succeeded) where underWay < configuration.probesMax:
        state.phase = .halfOpen(underWay: underWay + 1, succeeded: succeeded)
        return Permit(period: state.period)
      case .open, .halfOpen:
        state.refusedCount += 1
        throw Self.refusal(state, now: now)
      }
    }
  }

  /// The call succeeded, or failed in a way that shows that the backend works.
  func succeeded(_ permit: Permit) {
    let configuration = configuration
    state.withLock { state in
      guard permit.period == state.period else { return }
      switch state.phase {
      case .closed: state.phase = .closed(failuresInARow: 0)
      case .halfOpen(let underWay, let succeeded):
        if succeeded + 1 >= configuration.successesToClose {
          state.enter(.closed(failuresInARow: 0))
        } else {
          state.phase = .halfOpen(underWay: underWay - 1, succeeded: succeeded + 1)
        }
      case .open: break
      }
    }
  }

  /// The call failed in a way that counts.
  func failed(_ permit: Permit, _ error: SQLError) {
    let now = clock.now()
    let configuration = configuration
    state.withLock { state in
      state.lastFailure = (error, now)
      guard permit.period == state.period else { return }
      switch state.phase {
      case .closed(let failures) where failures + 1 < configuration.failuresToOpen:
        state.phase = .closed(failuresInARow: failures + 1)
      case .closed, .halfOpen:
        state.openedCount += 1
        state.enter(.open(until: now + .seconds(bounding: configuration.openSeconds)))
      case .open: break
      }
    }
  }

  /// The call ended without saying anything about the backend, such as by cancellation.
  func abandoned(_ permit: Permit) {
    state.withLock { state in
      guard permit.period == state.period, case .halfOpen(let underWay, let succeeded) = state.phase
      else { return }
      state.phase = .halfOpen(underWay: underWay - 1, succeeded: succeeded)
    }
  }

  var report: CircuitBreakerReport {
    let now = clock.now()
    return state.withLock { state in
      var report = CircuitBreakerReport(
        state: .closed, failuresInARow: 0, probesSucceeded: 0, openedCount: state.openedCount,
        refusedCount: state.refusedCount)
      switch state.phase {
      case .closed(let failures): report.failuresInARow = failures
      case .open(let until) where now < until:
        report.state = .open
        report.secondsUntilProbe = (until - now).inSeconds
      // The next call will be a probe.
      case .open: report.state = .halfOpen
      case .halfOpen(_, let succeeded):
        report.state = .halfOpen
        report.probesSucceeded = succeeded
      }
      report.lastFailure = state.lastFailure.map {
        CircuitBreakerReport.Failure(
          kind: $0.error.kind.rawValue, message: $0.error.description,
          secondsAgo: (now - $0.time).inSeconds)
      }
      return report
    }
  }

  private static func refusal(_ state: State, now: Duration) -> SQLError {
    var message = "not tried, because calls before it failed"
    if case .open(let until) = state.phase {
      message += "; tried again in \(Int((until - now).inSeconds.rounded(.up))) s"
    } else {
      message += "; a few are being tried now"
    }
    if let failure = state.lastFailure { message += "; the last failure: \(failure.error)" }
    return SQLError(kind: .circuitOpen, message: message)
  }
}
