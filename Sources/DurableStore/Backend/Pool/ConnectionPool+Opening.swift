internal import Platform
internal import Synchronization

/// Opens connections, in time.
extension ConnectionPool {
  func openConnection() async throws(SQLError) -> Connection {
    let connection: Connection
    do throws(SQLError) {
      connection = try await openInTime()
    } catch {
      let now = clock.now()
      // Whoever waits tries for himself.
      let next = state.withLock { state in
        state.counts.opening -= 1
        state.counts.openFailureCount += 1
        return nextOpener(&state, now: now)
      }
      next?.continuation.resume(returning: .open)
      throw error
    }
    let isClosed = state.withLock { state in
      state.counts.opening -= 1
      state.counts.openedCount += 1
      if state.isClosed { return true }
      state.counts.active += 1
      state.counts.acquiredCount += 1
      return false
    }
    guard isClosed else { return connection }
    connection.close()
    throw Self.closed
  }

  /// A connection that comes too late is closed.
  private func openInTime() async throws(SQLError) -> Connection {
    let race = Race<Result<Connection, SQLError>>()
    let open = open
    let clock = clock
    let seconds = configuration.connectSecondsMax
    Task {
      let result: Result<Connection, SQLError>
      do throws(SQLError) {
        result = .success(try await open())
      } catch {
        result = .failure(error)
      }
      if !race.finish(result), case .success(let connection) = result { connection.close() }
    }
    let timer = Task {
      guard (try? await clock.sleep(.seconds(seconds))) != nil else { return }
      race.finish(
        .failure(
          SQLError(kind: .unreachable, message: "no connection could be opened in \(seconds) s")))
    }
    defer { timer.cancel() }
    return try await race.value().get()
  }
}
