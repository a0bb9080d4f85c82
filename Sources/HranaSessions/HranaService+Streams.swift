internal import Hrana
internal import Platform
internal import Synchronization

extension HranaService {
  /// Ended streams that are remembered.
  private static let endedMax = 1000

  static func makeBaton() -> String {
    (0..<3).map { _ in
      let digits = String(UInt64.random(in: .min ... .max), radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }

  /// The session of a baton, or one of a new stream.
  func take(_ baton: String?, _ access: HranaAccess) async throws(HranaRefusal) -> SQLSession {
    if let baton { return try resume(baton, access) }
    let file = FileIdentity(path: path)
    let limits = limits
    let kept = try state.withLock { (state) throws(HranaRefusal) -> SQLSession? in
      guard !state.isClosed else {
        throw HranaRefusal(.busy, "SERVER_CLOSED", "the server is being stopped")
      }
      guard state.waiting.count + state.atWorkCount < limits.streamsMax else {
        throw HranaRefusal(
          .busy, "STREAMS_EXHAUSTED",
          "\(limits.streamsMax) streams are open already; try again later")
      }
      guard access != .readOnly || state.readerCount < limits.readerStreamsMax else {
        throw HranaRefusal(
          .busy, "STREAMS_EXHAUSTED",
          "\(limits.readerStreamsMax) streams of clients that may read only are open already; try again later"
        )
      }
      state.atWorkCount += 1
      state.count(access, 1)
      guard let index = state.kept.lastIndex(where: { $0.access == access && $0.file == file })
      else { return nil }
      return state.kept.remove(at: index)
    }
    if let kept {
      kept.begin()
      return kept
    }
    do throws(HranaError) {
      return try await SQLSession.open(
        path: path, access: access, keptByTriggers: keptByTriggers, limits: limits)
    } catch {
      state.withLock { state in
        state.atWorkCount -= 1
        state.count(access, -1)
      }
      throw HranaRefusal(.failed, error.code ?? "", error.message)
    }
  }

  private func resume(_ baton: String, _ access: HranaAccess) throws(HranaRefusal) -> SQLSession {
    try state.withLock { (state) throws(HranaRefusal) in
      if let stream = state.waiting[baton], stream.session.access == access {
        state.waiting[baton] = nil
        if stream.deadline > .now {
          state.atWorkCount += 1
          return stream.session
        }
        stream.session.end()
        state.count(access, -1)
        throw HranaRefusal(.badRequest, stream.error.code ?? "", stream.error.message)
      }
      if let error = state.ended[baton] {
        throw HranaRefusal(.badRequest, error.code ?? "", error.message)
      }
      if state.atWork.contains(baton) {
        throw HranaRefusal(
          .badRequest, "BATON_IN_USE", "the stream still answers its last request; expected to wait"
        )
      }
      throw HranaRefusal(
        .badRequest, "BATON_INVALID",
        "there is no stream with this baton; expected that of its latest answer")
    }
  }

  /// Has a stream wait for its next request.
  func park(_ session: SQLSession, _ baton: String) {
    let stream = WaitingStream(session, limits: limits)
    let (isClosed, watches) = state.withLock { state in
      state.atWorkCount -= 1
      state.atWork.remove(baton)
      guard !state.isClosed else {
        state.count(session.access, -1)
        return (true, false)
      }
      state.waiting[baton] = stream
      defer { state.isWatching = true }
      return (false, !state.isWatching)
    }
    if isClosed { session.end() }
    if watches { watch() }
  }

  /// Keeps the connection of a stream that has ended, for another.
  func keep(_ session: SQLSession) {
    session.reopen()
    let limits = limits
    // Its connection is closed outside the lock.
    let surplus = state.withLock { state -> SQLSession? in
      state.atWorkCount -= 1
      state.count(session.access, -1)
      guard !state.isClosed else { return nil }
      state.kept.append(session)
      return state.kept.count > limits.keptConnectionsMax ? state.kept.removeFirst() : nil
    }
    surplus?.end()
  }

  /// Ends a stream that nobody can use any more.
  func drop(_ session: SQLSession, baton: String? = nil) {
    state.withLock { state in
      state.atWorkCount -= 1
      state.count(session.access, -1)
      if let baton { state.atWork.remove(baton) }
    }
    session.end()
  }

  // MARK: - Time

  /// Ends streams whose time is over, as long as any wait.
  private func watch() {
    Task { [weak self] in
      while let pause = self?.expire() { try? await ContinuousClock().sleep(for: pause) }
    }
  }

  /// - Returns: when to look again; nil when no stream waits.
  private func expire() -> Duration? {
    let now = ContinuousClock.now
    let (expired, next) = state.withLock { state in
      let expired = state.waiting.filter { $0.value.deadline <= now }
      for (baton, stream) in expired {
        state.waiting[baton] = nil
        state.count(stream.session.access, -1)
        state.ended[baton] = stream.error
        state.endedInOrder.append(baton)
      }
      let surplus = state.endedInOrder.count - Self.endedMax
      if surplus > 0 {
        for baton in state.endedInOrder.prefix(surplus) { state.ended[baton] = nil }
        state.endedInOrder.removeFirst(surplus)
      }
      let next = state.waiting.values.map(\.deadline).min()
      if next == nil { state.isWatching = false }
      return (expired.values.map(\.session), next)
    }
    for session in expired { session.end() }
    // A stream that comes later may have to end earlier.
    return next.map { min(max($0 - now, .milliseconds(10)), .milliseconds(500)) }
  }
}
