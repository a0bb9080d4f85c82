internal import EngramServer
internal import Episodes
internal import Synchronization

/// The sessions of clients of the older era, and what is being answered to those of the newer one.
final class MCPSessions: Sendable {
  private struct State {
    var sessions: [String: HTTPSession] = [:]
    /// Of the newer era, where each request is its own.
    var exchanges: [ObjectIdentifier: MCPSession] = [:]
    var hasEnded = false
  }

  private let server: MCPServer
  private let limits: HTTPLimits
  private let state = Mutex(State())

  init(server: MCPServer, limits: HTTPLimits) {
    self.server = server
    self.limits = limits
  }

  var count: Int { state.withLock { $0.sessions.count } }

  /// Opens a session, which is at work until its ``HTTPSession/finish()``. Where there are too many, the one that
  /// was not used for the longest time is ended, never one at work.
  func open() throws(Problem) -> HTTPSession {
    let made = HTTPSession(server: server)
    made.begin()
    let dropped: [HTTPSession]? = state.withLock { state in
      if state.hasEnded { return nil }
      var dropped = state.sessions.values.filter { $0.isIdle(seconds: limits.sessionSeconds) }
      if state.sessions.count - dropped.count >= limits.sessionsMax {
        let oldest = state.sessions.values.filter { session in
          !session.isAtWork && !dropped.contains { $0 === session }
        }.min { $0.lastUsed < $1.lastUsed }
        guard let oldest else { return nil }
        dropped.append(oldest)
      }
      for session in dropped { state.sessions[session.id] = nil }
      state.sessions[made.id] = made
      return dropped
    }
    guard let dropped else {
      throw Problem.busy("\(limits.sessionsMax) sessions are at work already")
    }
    for session in dropped { session.end() }
    return made
  }

  /// A session, which is at work until its ``HTTPSession/finish()``.
  func find(_ id: String) -> HTTPSession? {
    state.withLock { state in
      let found = state.sessions[id]
      // Before another who opens one can take it for idle.
      found?.begin()
      return found
    }
  }

  /// - Returns: whether there was such a session.
  func end(_ id: String) -> Bool {
    let found = state.withLock { $0.sessions.removeValue(forKey: id) }
    found?.end()
    return found != nil
  }

  /// A session for one request.
  func openExchange() throws(Problem) -> MCPSession {
    let made = MCPSession(server: server) { _ in }
    let isOpen = state.withLock { state in
      if state.hasEnded { return false }
      state.exchanges[ObjectIdentifier(made)] = made
      return true
    }
    guard isOpen else { throw Problem.busy("the server is ending") }
    return made
  }

  func endExchange(_ session: MCPSession) {
    session.end(cancelling: true)
    state.withLock { _ = $0.exchanges.removeValue(forKey: ObjectIdentifier(session)) }
  }

  /// Ends all streams, and opens no more sessions. What is at work goes on.
  func endAll() {
    let (sessions, exchanges) = state.withLock { state in
      state.hasEnded = true
      defer { state.sessions = [:] }
      return (Array(state.sessions.values), Array(state.exchanges.values))
    }
    for session in sessions { session.end(cancelling: false) }
    for session in exchanges { session.end(cancelling: false) }
  }
}
