internal import Hrana

/// A stream between two requests.
struct WaitingStream: Sendable {
  var session: SQLSession
  /// When it ends if no request comes.
  var deadline: ContinuousClock.Instant
  /// What its client is told then.
  var error: HranaError

  init(_ session: SQLSession, limits: HranaLimits, now: ContinuousClock.Instant = .now) {
    self.session = session
    deadline = now + .seconds(limits.idleSeconds)
    error = HranaError(
      "STREAM_EXPIRED", "the stream has expired: no request for \(limits.idleSeconds) s")
    let end = session.openedAt + .seconds(limits.streamSeconds)
    if end < deadline {
      deadline = end
      error = HranaError(
        "STREAM_EXPIRED", "the stream has expired: it was open for \(limits.streamSeconds) s")
    }
    guard let since = session.writingSince else { return }
    let limit = since + .seconds(limits.transactionSeconds)
    if limit < deadline {
      deadline = limit
      error = HranaError(
        "TRANSACTION_TIMEOUT",
        "the transaction was undone: it kept others from writing for \(limits.transactionSeconds) s"
      )
    }
  }
}
