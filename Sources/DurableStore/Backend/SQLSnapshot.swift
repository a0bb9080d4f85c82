/// Reads that all see the database as it was at one moment, whatever is written meanwhile.
protocol SQLSnapshot: Sendable {
  func read(_ statements: [SQLStatement]) async throws(SQLError) -> [SQLResult]
}
