internal import EngramServer
internal import Episodes
internal import Synchronization

/// A session of a client of the older era, which it names in a header.
final class HTTPSession: Sendable {
  private struct State {
    var lastUsed = ContinuousClock.now
    /// Requests that have not been answered.
    var requestCount = 0
    /// On which the client is told of what it subscribed to.
    var stream: MessageChannel?
    var hasEnded = false
  }

  /// 128 random bits: who knows it may speak in the session.
  let id: String
  let session: MCPSession
  private let state: StateBox

  /// Shared with the closure that the session tells its notifications.
  private final class StateBox: Sendable {
    let state = Mutex(State())
  }

  init(server: MCPServer) {
    let box = StateBox()
    state = box
    id = (0..<2).map { _ in
      let figures = String(UInt64.random(in: .min ... .max), radix: 16)
      return String(repeating: "0", count: 16 - figures.count) + figures
    }.joined()
    session = MCPSession(server: server) { message in
      // Nobody listens: nobody is told.
      await box.state.withLock { $0.stream }?.send(.notification(message))
    }
  }

  var lastUsed: ContinuousClock.Instant { state.state.withLock { $0.lastUsed } }

  /// Whether a request has not been answered, or somebody listens.
  var isAtWork: Bool { state.state.withLock { $0.stream != nil || $0.requestCount > 0 } }

  /// Until ``finish()`` the session is at work.
  func begin() {
    state.state.withLock { state in
      state.requestCount += 1
      state.lastUsed = .now
    }
  }

  func finish() {
    state.state.withLock { state in
      state.requestCount -= 1
      state.lastUsed = .now
    }
  }

  func isIdle(seconds: Double) -> Bool {
    !isAtWork && .now - lastUsed > .seconds(seconds)
  }

  /// A stream for notifications; nil where there is one, or the session has ended.
  func openStream() -> MessageChannel? {
    state.state.withLock { state in
      guard state.stream == nil, !state.hasEnded else { return nil }
      let made = MessageChannel()
      state.stream = made
      return made
    }
  }

  func closeStream() {
    let stream = state.state.withLock { state in
      state.lastUsed = .now
      defer { state.stream = nil }
      return state.stream
    }
    stream?.close()
  }

  func end(cancelling: Bool = true) {
    session.end(cancelling: cancelling)
    state.state.withLock { $0.hasEnded = true }
    closeStream()
  }
}
