internal import DurableStore
internal import Hrana
internal import Synchronization

/// A database elsewhere, by the protocol of libSQL (Hrana 3 over HTTP).
///
/// A read or a write is one request: a transaction is a batch whose statements each run if the one before did, and
/// whose last steps commit it, or undo it. A write whose answer is lost may have been applied, and says so; it is
/// never sent twice.
final class RemoteBackend: SQLBackend {
  private let transport: RemoteTransport
  private let executed = Atomic<Int>(0)
  /// Between two signs of life on a snapshot that is not read.
  private let signSeconds: Double

  /// - Parameter signSeconds: between two signs of life on a snapshot that is not read; servers end a silent stream
  ///   after 10.
  init(
    _ configuration: RemoteStoreConfiguration, pool: PoolConfiguration, signSeconds: Double = 3
  ) {
    self.signSeconds = signSeconds
    transport = RemoteTransport(configuration, pool: pool)
  }

  func read(
    _ statements: [SQLStatement], cost: SQLReadCost
  ) async throws(SQLError) -> [SQLResult] {
    if statements.isEmpty { return [] }
    executed.add(statements.count, ordering: .relaxed)
    do throws(SQLError) {
      return try await run(statements, begin: "BEGIN DEFERRED", isWrite: false)
    } catch {
      guard error.isOfSize else { throw error }
      // Row by row the server has no such bound.
      return try await onSnapshot { (snapshot) throws(SQLError) in
        try await snapshot.read(statements)
      }
    }
  }

  func write(_ statements: [SQLStatement]) async throws(SQLError) -> [SQLResult] {
    if statements.isEmpty { return [] }
    if Task.isCancelled {
      throw SQLError(kind: .cancelled, message: "the task was cancelled")
    }
    executed.add(statements.count, ordering: .relaxed)
    // Once sent it runs to its end: cancelled in between, nobody would know whether it was applied.
    let sending = Task {
      do throws(SQLError) {
        return Result<[SQLResult], SQLError>.success(
          try await self.run(statements, begin: "BEGIN IMMEDIATE", isWrite: true))
      } catch {
        return .failure(error)
      }
    }
    return try await sending.value.get()
  }

  /// Runs statements in one transaction, with one request.
  private func run(
    _ statements: [SQLStatement], begin: String, isWrite: Bool
  ) async throws(SQLError) -> [SQLResult] {
    let batch = HranaBatch(transaction: try HranaStatement.list(statements), begin: begin)
    let request = HranaPipelineRequest([.batch(batch), .close])
    let answer: HranaPipelineResponse = try await transport.send(
      request, to: "/v3/pipeline", at: transport.configuration.url, isWrite: isWrite)
    switch answer.results.first {
    case .ok(.batch(let result)) where result.results.count == batch.steps.count:
      return try Self.results(of: result, statementCount: statements.count, isWrite: isWrite)
    case .error(let error):
      var failure = SQLError(error)
      failure.mayHaveBeenApplied = isWrite
      throw failure
    default:
      throw .unreachable(
        "the server's answer does not fit the request", mayHaveBeenApplied: isWrite)
    }
  }

  /// The results of the statements between the first and the last two steps.
  static func results(
    of result: HranaBatchResult, statementCount: Int, isWrite: Bool
  ) throws(SQLError) -> [SQLResult] {
    let commit = statementCount + 1
    for index in 0...commit {
      guard let error = result.errors[index] else { continue }
      let isStatement = index > 0 && index < commit
      var failure = SQLError(error, statementIndex: isStatement ? index - 1 : nil)
      // A commit that was refused has changed nothing, but one that failed may have.
      failure.mayHaveBeenApplied =
        isWrite && index == commit && [.inputOutput, .other].contains(failure.kind)
      throw failure
    }
    var results: [SQLResult] = []
    results.reserveCapacity(statementCount)
    for index in 1..<commit {
      guard let statement = result.results[index] else {
        throw .unreachable(
          "the server left out a statement without a word", mayHaveBeenApplied: isWrite)
      }
      results.append(SQLResult(statement))
    }
    guard result.results[commit] != nil else {
      throw .unreachable("the server did not commit", mayHaveBeenApplied: isWrite)
    }
    return results
  }

  // MARK: - Rows as they come

  var hasRowsHere: Bool { false }

  func transfer<Sink: RowSink>(
    _ statements: [SQLStatement], into makeSink: @escaping @Sendable () -> Sink
  ) async throws(SQLError) -> Sink.Product? {
    executed.add(statements.count, ordering: .relaxed)
    let stream = RemoteStream(transport)
    do throws(SQLError) {
      let product = try await stream.transfer(statements, into: makeSink)
      await stream.end()
      return product
    } catch {
      await stream.end()
      throw error
    }
  }

  // MARK: - Snapshots

  func withSnapshot<Value: Sendable>(
    mayRepeat: @Sendable () -> Bool,
    _ body: @Sendable (any SQLSnapshot) async throws -> Value
  ) async throws -> Value {
    let stream = try await beginStream()
    let signs = Task { [signSeconds] in
      while !Task.isCancelled {
        try await ContinuousClock().sleep(for: .seconds(signSeconds))
        await stream.keepAlive(silentSeconds: signSeconds * 0.6)
      }
    }
    let result: Result<Value, any Error>
    do {
      let counting = CountingSnapshot(base: stream) { [self] count in
        executed.add(count, ordering: .relaxed)
      }
      result = .success(try await body(counting))
    } catch {
      result = .failure(error)
    }
    signs.cancel()
    await stream.end()
    return try result.get()
  }

  func beginStream() async throws(SQLError) -> RemoteStream {
    let stream = RemoteStream(transport)
    do throws(SQLError) {
      try await stream.begin()
      return stream
    } catch {
      // The server may have begun it all the same.
      await stream.end()
      throw error
    }
  }

  private func onSnapshot<Value: Sendable>(
    _ body: (RemoteStream) async throws(SQLError) -> Value
  ) async throws(SQLError) -> Value {
    let stream = try await beginStream()
    do throws(SQLError) {
      let value = try await body(stream)
      await stream.end()
      return value
    } catch {
      await stream.end()
      throw error
    }
  }

  private struct CountingSnapshot: SQLSnapshot {
    let base: RemoteStream
    let count: @Sendable (Int) -> Void

    func read(_ statements: [SQLStatement]) async throws(SQLError) -> [SQLResult] {
      count(statements.count)
      return try await base.read(statements)
    }
  }

  // MARK: - State

  var statistics: SQLBackendStatistics {
    var statistics = SQLBackendStatistics()
    statistics.requests = transport.requestCount
    statistics.statementsExecuted = executed.load(ordering: .relaxed)
    return statistics
  }

  func fileByteCount() -> Int? { nil }

  func close() { transport.close() }
}
