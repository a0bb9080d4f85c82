internal import Platform
internal import Synchronization

/// What runs on the queue of the connection.
extension SQLiteWriter {
  func drain() {
    while let jobs = nextGroup() {
      switch jobs {
      case .alone(let body): body(.success(connection))
      case .together(let batches): commit(batches, absorbsLateOnes: true)
      }
    }
  }

  private enum Group {
    case alone(@Sendable (Result<SQLiteConnection, SQLError>) -> Void)
    case together([Batch])
  }

  private func nextGroup() -> Group? {
    let now = clock.now()
    return state.withLock { state in
      if case .alone(let body)? = state.line.first?.work {
        Self.popFirst(of: &state, at: now)
        return .alone(body)
      }
      let batches = Self.popBatches(of: &state, at: now, statementCount: 0)
      if batches.isEmpty {
        state.isRunning = false
        return nil
      }
      return .together(batches)
    }
  }

  /// Takes the writes at the head of the line that fit a transaction which has `statementCount` statements.
  private static func popBatches(
    of state: inout State, at now: Duration, statementCount: Int
  ) -> [Batch] {
    var batches: [Batch] = []
    var statementCount = statementCount
    while case .batch(let statements, let continuation)? = state.line.first?.work {
      statementCount += statements.count
      if statementCount > statements.count, statementCount > statementsMax { break }
      popFirst(of: &state, at: now)
      batches.append(Batch(statements: statements, continuation: continuation))
    }
    return batches
  }

  private static func popFirst(of state: inout State, at now: Duration) {
    guard let job = state.line.popFirst() else { return }
    let seconds = (now - job.since).inSeconds
    state.counts.waitSeconds += seconds
    state.counts.waitSecondsMax = max(state.counts.waitSecondsMax, seconds)
  }

  /// Commits writes together. If one fails, those before it are committed without it, then the rest.
  ///
  /// - Parameter absorbsLateOnes: whether writes that come meanwhile are committed with them: those who wait for a
  ///   commit are told together, and come back one after the other.
  private func commit(_ first: [Batch], absorbsLateOnes: Bool) {
    guard !first.isEmpty else { return }
    var batches = first
    var failed: Int?
    do throws(SQLError) {
      var results: [[SQLResult]] = []
      try connection.write {
        results.removeAll()
        failed = nil
        while results.count < batches.count {
          do {
            results.append(try connection.execute(batches[results.count].statements))
          } catch {
            failed = results.count
            throw error
          }
          if absorbsLateOnes, results.count == batches.count { batches += lateBatches(batches) }
        }
      }
      state.withLock { state in
        state.counts.transactionCount += 1
        state.counts.writeCount += batches.count
        state.counts.writesATransactionMax = max(
          state.counts.writesATransactionMax, batches.count)
      }
      for (batch, result) in zip(batches, results) {
        batch.continuation.resume(returning: .success(result))
      }
    } catch {
      guard let failed, batches.count > 1 else {
        state.withLock { $0.counts.writeCount += batches.count }
        for batch in batches { batch.continuation.resume(returning: .failure(error)) }
        return
      }
      commit(Array(batches[..<failed]), absorbsLateOnes: false)
      commit([batches[failed]], absorbsLateOnes: false)
      commit(Array(batches[(failed + 1)...]), absorbsLateOnes: false)
    }
  }

  private func lateBatches(_ batches: [Batch]) -> [Batch] {
    let now = clock.now()
    let statementCount = batches.reduce(0) { $0 + $1.statements.count }
    return state.withLock {
      Self.popBatches(of: &$0, at: now, statementCount: statementCount)
    }
  }
}
