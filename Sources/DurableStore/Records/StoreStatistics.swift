/// What a store holds.
public struct StoreStatistics: Hashable, Sendable {
  /// Rows by table.
  public var rowCounts: [String: Int]
  /// Bytes of the file and its write-ahead log; of the database's pages for a remote.
  public var byteCount: Int
  /// The number of the latest change.
  public var lastChangeSequence: Int64
  /// Statements run since the store was opened.
  public var statements: SQLBackendStatistics

  public init(
    rowCounts: [String: Int], byteCount: Int, lastChangeSequence: Int64,
    statements: SQLBackendStatistics
  ) {
    self.rowCounts = rowCounts
    self.byteCount = byteCount
    self.lastChangeSequence = lastChangeSequence
    self.statements = statements
  }
}
