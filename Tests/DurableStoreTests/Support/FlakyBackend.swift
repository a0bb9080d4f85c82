import Synchronization

@testable import DurableStore

/// A real database behind a wire that can be cut.
final class FlakyBackend: SQLBackend {
  private let base: SQLiteBackend
  /// The errors of the next calls, in order.
  private let failures = Mutex<[SQLError]>([])
  private let tries = Mutex(0)
  /// Reads on snapshots that work, and those after them that fail.
  private let snapshotReads = Mutex((working: 0, failing: 0))

  init(_ base: SQLiteBackend) { self.base = base }

  var tryCount: Int { tries.withLock { $0 } }

  func fail(_ kind: SQLError.Kind, times: Int, mayHaveBeenApplied: Bool = false) {
    var error = SQLError(kind: kind, message: "\(kind)")
    error.mayHaveBeenApplied = mayHaveBeenApplied
    failures.withLock { $0 += Array(repeating: error, count: times) }
  }

  private func check() throws(SQLError) {
    tries.withLock { $0 += 1 }
    if let error = failures.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) { throw error }
  }

  func read(
    _ statements: [SQLStatement], cost: SQLReadCost
  ) async throws(SQLError) -> [SQLResult] {
    try check()
    return try await base.read(statements, cost: cost)
  }

  func write(_ statements: [SQLStatement]) async throws(SQLError) -> [SQLResult] {
    try check()
    return try await base.write(statements)
  }

  func withSnapshot<Value: Sendable>(
    mayRepeat: @Sendable () -> Bool,
    _ body: @Sendable (any SQLSnapshot) async throws -> Value
  ) async throws -> Value {
    try check()
    return try await base.withSnapshot(mayRepeat: mayRepeat) { snapshot in
      try await body(FlakySnapshot(base: snapshot, backend: self))
    }
  }

  /// Lets reads on snapshots fail, after `count` that work.
  func failSnapshotReads(after count: Int, times: Int) {
    snapshotReads.withLock { $0 = (count, times) }
  }

  private func checkSnapshotRead() throws(SQLError) {
    let fails = snapshotReads.withLock { reads in
      if reads.working > 0 {
        reads.working -= 1
        return false
      }
      guard reads.failing > 0 else { return false }
      reads.failing -= 1
      return true
    }
    if fails { throw SQLError(kind: .inputOutput, message: "the wire was cut") }
  }

  private struct FlakySnapshot: SQLSnapshot {
    let base: any SQLSnapshot
    let backend: FlakyBackend

    func read(_ statements: [SQLStatement]) async throws(SQLError) -> [SQLResult] {
      try backend.checkSnapshotRead()
      return try await base.read(statements)
    }
  }

  var statistics: SQLBackendStatistics { base.statistics }
  func fileByteCount() -> Int? { base.fileByteCount() }
  func close() { base.close() }
}
