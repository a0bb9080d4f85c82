internal import Foundation
internal import Platform
internal import Synchronization

/// What runs on the queue.
extension SQLiteWriter {
  func drain() {
    while let group = nextGroup() {
      switch group {
      case .alone(let isVacuum, let body): runAlone(isVacuum: isVacuum, body)
      case .together(let batches): commit(batches)
      }
    }
  }

  private enum Group {
    case alone(isVacuum: Bool, @Sendable (Result<SQLiteConnection, SQLError>) -> Void)
    case together([Batch])
  }

  private func nextGroup() -> Group? {
    let now = clock.now()
    return state.withLock { state in
      if case .alone(let isVacuum, let body)? = state.line.first?.work {
        _ = Self.popFirst(of: &state, at: now)
        return .alone(isVacuum: isVacuum, body)
      }
      var valueCount = 0
      let batches = Self.popBatches(of: &state, at: now, valueCount: &valueCount)
      if batches.isEmpty {
        state.isRunning = false
        return nil
      }
      return .together(batches)
    }
  }

  /// Takes the writes at the head of the line that fit a transaction which binds
  /// `valueCount` values.
  private static func popBatches(
    of state: inout State, at now: Duration, valueCount: inout Int
  ) -> [Batch] {
    var batches: [Batch] = []
    while case .batch(let statements, let continuation)? = state.line.first?.work {
      let added = Self.valueCount(of: statements)
      if valueCount > 0, valueCount + added > valuesMax { break }
      valueCount += added
      _ = popFirst(of: &state, at: now)
      batches.append(Batch(statements: statements, continuation: continuation))
    }
    return batches
  }

  private static func valueCount(of statements: [SQLStatement]) -> Int {
    statements.reduce(0) { $0 + 1 + $1.arguments.count }
  }

  private func runAlone(
    isVacuum: Bool, _ body: (Result<SQLiteConnection, SQLError>) -> Void
  ) {
    if isVacuum { vacuumBegan() }
    defer { if isVacuum { vacuumEnded() } }
    do throws(SQLError) {
      body(.success(try soundConnection()))
    } catch {
      body(.failure(error))
    }
  }

  // MARK: - The connection

  /// The connection, or another in its place if it may have come to harm.
  private func soundConnection() throws(SQLError) -> SQLiteConnection {
    if let connection = connection.withLock({ $0 }) {
      if connection.isUsable { return connection }
      connection.close()
      self.connection.withLock { $0 = nil }
    }
    let opened = try open()
    connection.withLock { $0 = opened }
    state.withLock { $0.counts.reopenedCount += 1 }
    return opened
  }

  /// Runs `body` in a transaction, which begins when another process that vacuums the file has ended.
  private func transaction(
    _ body: (SQLiteConnection) throws -> Void
  ) throws(SQLError) {
    let start = clock.now()
    var waits = false
    defer { if waits { vacuumEnded() } }
    while true {
      let connection = try soundConnection()
      do throws(SQLError) {
        return try connection.write { try body(connection) }
      } catch {
        guard error.kind == .busy, VacuumMark.isSet(on: connection) else { throw error }
      }
      if !waits { vacuumBegan() }
      waits = true
      if state.withLock(\.isClosed) { throw Self.closed }
      let time = clock.now() - start
      guard time < .seconds(configuration.vacuumSecondsMax) else { throw vacuumed(for: time) }
      // The time-out of the connection may be short.
      Thread.sleep(forTimeInterval: 0.02)
    }
  }

  // MARK: - Groups

  private enum Stage { case beginning, running, committing }

  /// Commits writes together, and those that come meanwhile: who waits for a commit is told together with
  /// others, and they come back one after the other.
  private func commit(_ first: [Batch]) {
    var batches = first
    var valueCount = batches.reduce(0) { $0 + Self.valueCount(of: $1.statements) }
    var results: [[SQLResult]] = []
    var stage = Stage.beginning
    do throws(SQLError) {
      try transaction { connection in
        results.removeAll()
        stage = .running
        while results.count < batches.count {
          results.append(try connection.execute(batches[results.count].statements))
          if results.count == batches.count {
            let now = clock.now()
            batches += state.withLock {
              Self.popBatches(of: &$0, at: now, valueCount: &valueCount)
            }
          }
        }
        stage = .committing
      }
      finish(batches, results.map { .success($0) })
    } catch {
      // Of what ended the whole transaction nobody is to blame, but where room was short there may be
      // enough for some of the writes.
      let isOfOneWrite = stage == .running || stage == .committing && error.kind == .diskFull
      if batches.count == 1 || !isOfOneWrite {
        finish(batches, batches.map { _ in .failure(error) })
      } else {
        commitApart(batches)
      }
    }
  }

  /// Commits writes of which at least one fails in one transaction, each in a savepoint of its own.
  private func commitApart(_ batches: [Batch]) {
    var outcomes: [Outcome] = []
    do throws(SQLError) {
      try transaction { connection in
        outcomes.removeAll()
        for batch in batches { outcomes.append(try Self.runApart(batch, on: connection)) }
      }
      finish(batches, outcomes)
    } catch {
      commitOneByOne(batches)
    }
  }

  private static func runApart(
    _ batch: Batch, on connection: SQLiteConnection
  ) throws(SQLError) -> Outcome {
    _ = try connection.execute(SQLStatement("SAVEPOINT one_write"))
    let outcome: Outcome
    do throws(SQLError) {
      outcome = .success(try connection.execute(batch.statements))
    } catch {
      // Other errors may have ended the transaction, or are not of this write.
      guard error.isOfStatement else { throw error }
      _ = try connection.execute(SQLStatement("ROLLBACK TO one_write"))
      outcome = .failure(error)
    }
    _ = try connection.execute(SQLStatement("RELEASE one_write"))
    return outcome
  }

  /// Commits writes each in a transaction of its own, so that each has its own success or error.
  private func commitOneByOne(_ batches: [Batch]) {
    for (index, batch) in batches.enumerated() {
      var result: [SQLResult] = []
      var hasBegun = false
      do throws(SQLError) {
        try transaction { connection in
          hasBegun = true
          result = try connection.execute(batch.statements)
        }
        finish([batch], [.success(result)])
      } catch {
        finish([batch], [.failure(error)])
        if hasBegun { continue }
        // The others would wait as long, one after the other.
        let rest = Array(batches[(index + 1)...])
        return finish(rest, rest.map { _ in .failure(error) })
      }
    }
  }

  /// Tells those who wait how their writes of one transaction ended.
  private func finish(_ batches: [Batch], _ outcomes: [Outcome]) {
    let committed = outcomes.count { (try? $0.get()) != nil }
    state.withLock { state in
      state.counts.committedCount += committed
      state.counts.failedCount += batches.count - committed
      if committed > 0 { state.counts.transactionCount += 1 }
      state.counts.writesATransactionMax = max(state.counts.writesATransactionMax, committed)
    }
    for (batch, outcome) in zip(batches, outcomes) { batch.continuation.resume(returning: outcome) }
  }
}
