internal import DurableStore
internal import Hrana

/// A stream of a server that holds a snapshot. Its requests go one after the other.
actor RemoteStream {
  private let transport: RemoteTransport
  private var url: DatabaseURL
  private var baton: String?
  private var latest: Task<Void, Never>?
  private var latestTime = ContinuousClock.now
  private var hasEnded = false

  init(_ transport: RemoteTransport) {
    self.transport = transport
    url = transport.configuration.url
  }

  /// Fixes what the reads see.
  func begin() async throws(SQLError) {
    let batch = HranaBatch([
      .init(HranaStatement("BEGIN DEFERRED", wantsRows: false)),
      // The first read does it.
      .init(HranaStatement("SELECT 1 FROM sqlite_schema LIMIT 1"), if: .ok(step: 0)),
    ])
    try await inTurn { (stream) throws(SQLError) in
      let answer = try await stream.send([.batch(batch)])
      guard case .ok(.batch(let result)) = answer.first else {
        throw .unreachable("the server began no snapshot")
      }
      for case let error? in result.errors { throw SQLError(error) }
    }
  }

  func read(_ statements: [SQLStatement]) async throws(SQLError) -> [SQLResult] {
    let list = try HranaStatement.list(statements)
    return try await inTurn { (stream) throws(SQLError) in try await stream.readRows(list) }
  }

  /// Hands the rows of queries to a sink, on a stream that has not begun a snapshot: one query sees one moment, and for
  /// several the same request begins one.
  func transfer<Sink: RowSink>(
    _ statements: [SQLStatement], into makeSink: @escaping @Sendable () -> Sink
  ) async throws(SQLError) -> Sink.Product? {
    let list = try HranaStatement.list(statements)
    return try await inTurn { (stream) throws(SQLError) in
      try await stream.transferRows(list, into: makeSink)
    }
  }

  /// Tells the server that the snapshot is still wanted, if it has not heard of it for so long.
  func keepAlive(silentSeconds: Double) async {
    let isSilent = ContinuousClock.now - latestTime > .seconds(silentSeconds)
    guard isSilent, baton != nil, !hasEnded else { return }
    try? await inTurn { (stream) throws(SQLError) in
      // Without its baton the request would begin another stream, which sees another moment.
      guard stream.baton != nil else { return }
      _ = try await stream.send([.getAutocommit])
    }
  }

  /// Ends the snapshot; the server does, some time later, if it cannot be reached.
  func end() async {
    guard !hasEnded else { return }
    hasEnded = true
    await latest?.value
    if baton != nil { _ = try? await send([.close]) }
    baton = nil
  }

  // MARK: - Requests

  /// Runs `body` when those before it have ended.
  private func inTurn<Value: Sendable>(
    _ body: @escaping @Sendable (isolated RemoteStream) async throws(SQLError) -> Value
  ) async throws(SQLError) -> Value {
    let before = latest
    let task = Task { () -> Result<Value, SQLError> in
      await before?.value
      do throws(SQLError) {
        return .success(try await body(self))
      } catch {
        return .failure(error)
      }
    }
    latest = Task { _ = await task.value }
    return try await withTaskCancellationHandler {
      await task.value
    } onCancel: {
      task.cancel()
    }.get()
  }

  private func send(_ requests: [HranaRequest]) async throws(SQLError) -> [HranaResult] {
    let request = HranaPipelineRequest(baton: baton, requests)
    // Good once; an answer that is lost loses the stream.
    baton = nil
    let answer: HranaPipelineResponse = try await transport.send(
      request, to: "/v3/pipeline", at: url, isWrite: false)
    try move(answer.baton, answer.baseURL)
    guard answer.results.count == requests.count else {
      throw .unreachable("the server's answer does not fit the request")
    }
    return answer.results
  }

  private func readRows(_ statements: [HranaStatement]) async throws(SQLError) -> [SQLResult] {
    guard let baton else {
      throw .unreachable("a read that failed before has ended the snapshot")
    }
    self.baton = nil
    let request = HranaCursorRequest(
      baton: baton, HranaBatch(statements.map { HranaBatch.Step($0) }))
    var collector = CursorCollector(statementCount: statements.count)
    try await transport.lines(request, to: "/v3/cursor", at: url) { (line) throws(SQLError) in
      try collector.take(line)
      return true
    }
    // Also after an error: the stream is there, and has to be closed.
    if let head = collector.head { try move(head.baton, head.baseURL) }
    return try collector.finish()
  }

  private func transferRows<Sink: RowSink>(
    _ statements: [HranaStatement], into makeSink: @Sendable () -> Sink
  ) async throws(SQLError) -> Sink.Product? {
    var steps: [HranaBatch.Step] = []
    let isSnapshot = statements.count > 1
    // The end of the stream ends it.
    if isSnapshot { steps.append(.init(HranaStatement("BEGIN DEFERRED", wantsRows: false))) }
    for statement in statements {
      steps.append(.init(statement, if: steps.isEmpty ? nil : .ok(step: steps.count - 1)))
    }
    let request = HranaCursorRequest(baton: baton, HranaBatch(steps))
    baton = nil
    var transfer = RowTransfer(
      makeSink(), firstStep: isSnapshot ? 1 : 0, queryCount: statements.count)
    let isWhole = try await transport.lines(request, to: "/v3/cursor", at: url) {
      (line) throws(SQLError) in
      try transfer.take(line)
      return transfer.wantsMore
    }
    // A server whose client goes away ends the stream.
    if isWhole, let head = transfer.head { try move(head.baton, head.baseURL) }
    return try transfer.finish()
  }

  /// The stream goes on with another baton, and perhaps at another place.
  private func move(_ baton: String?, _ baseURL: String?) throws(SQLError) {
    self.baton = baton
    latestTime = .now
    guard let baseURL else { return }
    let configuration = transport.configuration
    guard let found = try? DatabaseURL(baseURL),
      found.isSameServer(as: configuration.url)
        || found.scheme == "https" && configuration.allowedHosts.contains(found.host)
    else {
      self.baton = nil
      throw SQLError(
        kind: .other,
        message: "the server sends its clients to '\(baseURL.prefix(100))', which is not allowed")
    }
    url = found
  }
}
