public import Hrana
internal import Synchronization

/// A database file for clients of libSQL: streams of SQL, each on a connection of its own.
///
/// A stream waits for its next request under its baton: 192 random bits that are never used twice. One that waits
/// too long ends, and what it has not committed is undone.
///
/// ```swift
/// let service = HranaService(path: "memory.db")
/// let answer = try await service.pipeline(
///   HranaPipelineRequest([.execute(HranaStatement("SELECT 1")), .close]), access: .readOnly)
/// ```
public final class HranaService: Sendable {
  public let limits: HranaLimits
  let path: String
  let keptByTriggers: Set<String>
  let state = Mutex(State())

  struct State {
    /// Streams that wait for their next request, by baton.
    var waiting: [String: WaitingStream] = [:]
    /// Batons of cursors that are still read.
    var atWork: Set<String> = []
    var atWorkCount = 0
    /// Streams of clients that may read only, at work or waiting.
    var readerCount = 0
    /// Connections for streams to come.
    var kept: [SQLSession] = []
    /// Why streams have ended, by baton; the latest ones.
    var ended: [String: HranaError] = [:]
    var endedInOrder: [String] = []
    var isWatching = false
    var isClosed = false

    /// Counts a stream that begins or ends.
    mutating func count(_ access: HranaAccess, _ number: Int) {
      if access == .readOnly { readerCount += number }
    }
  }

  /// - Parameters:
  ///   - path: an SQLite database, which must exist.
  ///   - keptByTriggers: tables, in small letters, that only triggers insert into and update.
  public init(
    path: String, keptByTriggers: Set<String> = [], limits: HranaLimits = HranaLimits()
  ) {
    self.path = path
    self.keptByTriggers = keptByTriggers
    self.limits = limits
  }

  /// Streams that clients have now.
  public var streamCount: Int { state.withLock { $0.waiting.count + $0.atWorkCount } }

  /// Runs requests on one stream. All are run, even if one fails.
  ///
  /// - Parameter access: what the client may do; the stream must have been begun with the same.
  public func pipeline(
    _ request: HranaPipelineRequest, access: HranaAccess
  ) async throws(HranaRefusal) -> HranaPipelineResponse {
    guard request.requests.count <= limits.requestsMax else {
      throw HranaRefusal(
        .badRequest, "TOO_MANY_REQUESTS",
        "requests: are \(request.requests.count); expected at most \(limits.requestsMax)")
    }
    let session = try await take(request.baton, access)
    let requests = request.requests
    let results = await session.run(seconds: limits.requestSeconds) { session in
      session.answer(requests)
    }
    if Task.isCancelled {
      // Nobody learns the baton.
      drop(session)
      throw HranaRefusal(.failed, "CANCELLED", "the request was given up")
    }
    if session.isClosed {
      keep(session)
      return HranaPipelineResponse(baton: nil, results: results)
    }
    let baton = Self.makeBaton()
    park(session, baton)
    return HranaPipelineResponse(baton: baton, results: results)
  }

  /// Begins a batch whose rows are taken piece by piece.
  public func cursor(
    _ request: HranaCursorRequest, access: HranaAccess
  ) async throws(HranaRefusal) -> HranaCursor {
    let session = try await take(request.baton, access)
    let baton = Self.makeBaton()
    state.withLock { _ = $0.atWork.insert(baton) }
    return HranaCursor(
      CursorRun(request.batch, session: session), session: session, baton: baton, service: self)
  }

  /// Ends all streams that wait, and refuses new ones.
  public func close() {
    let ended = state.withLock { state in
      state.isClosed = true
      defer {
        for stream in state.waiting.values { state.count(stream.session.access, -1) }
        state.waiting = [:]
        state.kept = []
      }
      return state.waiting.values.map(\.session)
    }
    for session in ended { session.end() }
  }
}
