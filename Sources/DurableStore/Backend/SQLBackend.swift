/// Something that runs SQL: a local file, or a server reached over the network.
///
/// A remote has no interactive transactions, so both operations take whole batches: a write that
/// depends on what is stored says so in SQL (`INSERT … SELECT`, `ON CONFLICT`, `WHERE`), and the
/// caller looks at the affected row counts.
package protocol SQLBackend: Sendable {
  /// Runs queries on one consistent snapshot. Reads may run concurrently with each other and with a
  /// write.
  func read(_ statements: [SQLStatement], cost: SQLReadCost) async throws(SQLError) -> [SQLResult]

  /// Runs statements in one transaction: all of them, or none. When this returns, the transaction
  /// survives a crash and a loss of power.
  ///
  /// - Throws: ``SQLError``, whose ``SQLError/mayHaveBeenApplied`` tells whether the outcome is unknown.
  func write(_ statements: [SQLStatement]) async throws(SQLError) -> [SQLResult]

  /// Runs many reads on one consistent snapshot, which may be held for long. It occupies a connection,
  /// and keeps the write-ahead log from being emptied.
  ///
  /// - Parameters:
  ///   - mayRepeat: asked after `body` has failed: whether it may be called again, on another snapshot. It
  ///     may not once it has given anything away.
  ///   - body: what to read.
  func withSnapshot<Value: Sendable>(
    mayRepeat: @Sendable () -> Bool,
    _ body: @Sendable (any SQLSnapshot) async throws -> Value
  ) async throws -> Value

  /// Whether ``SQLSnapshot/visit(_:)`` has rows to hand over.
  var hasRowsHere: Bool { get }

  /// Hands the rows of queries to a sink as they come over the network. All of them see the same moment.
  ///
  /// - Parameter makeSink: makes the sink; another one where the query is tried again.
  /// - Returns: what the sink made; nil where rows do not come so, as those of a file, or where one of them is not as it
  ///   should be.
  func transfer<Sink: RowSink>(
    _ statements: [SQLStatement], into makeSink: @escaping @Sendable () -> Sink
  ) async throws(SQLError) -> Sink.Product?

  /// Runs `body`, a few look-ups by key, over rows as they lie in a local file, on the caller's thread.
  ///
  /// - Returns: nil where rows cannot be had so, as a remote's.
  func lookUp<Value: Sendable>(
    _ body: @Sendable (RowVisitor) throws -> Value
  ) async throws(SQLError) -> Value?

  /// What was done since the backend was opened.
  var statistics: SQLBackendStatistics { get }

  /// Calls of ``write(_:)`` that have ended, however they did.
  var writeCount: Int { get }

  /// The files of a local backend and their bytes together; nil for a remote.
  func fileByteCount() -> Int?

  /// Closes every connection, after the calls under way. Calls after it throw.
  func close()
}

extension SQLBackend {
  package var writeCount: Int { statistics.writes.count }

  package var hasRowsHere: Bool { true }

  package func transfer<Sink: RowSink>(
    _ statements: [SQLStatement], into makeSink: @escaping @Sendable () -> Sink
  ) async throws(SQLError) -> Sink.Product? { nil }

  /// Runs reads that nobody hears of before they have ended: they may be repeated.
  func withSnapshot<Value: Sendable>(
    _ body: @Sendable (any SQLSnapshot) async throws -> Value
  ) async throws -> Value {
    try await withSnapshot(mayRepeat: { true }, body)
  }

  package func lookUp<Value: Sendable>(
    _ body: @Sendable (RowVisitor) throws -> Value
  ) async throws(SQLError) -> Value? { nil }

  func read(_ statements: [SQLStatement]) async throws(SQLError) -> [SQLResult] {
    try await read(statements, cost: .scan)
  }

  func read(_ statement: SQLStatement) async throws(SQLError) -> SQLResult {
    try await read([statement], cost: .scan)[0]
  }

  @discardableResult
  func write(_ statement: SQLStatement) async throws(SQLError) -> SQLResult {
    try await write([statement])[0]
  }
}
