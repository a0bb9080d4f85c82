/// Takes whole episodes row by row from where SQLite holds them, on a thread of the store.
package protocol EpisodeRowSink: SendableMetatype {
  associatedtype Product: Sendable

  /// The next episode; its steps follow. What is thrown makes it one for the ordinary way.
  mutating func begin(_ episode: RowColumns) throws(RowColumns.Unsuited)
  mutating func add(step: RowColumns) throws(RowColumns.Unsuited)
  /// The episode is complete.
  ///
  /// - Parameter isSuited: false if it could not be taken, or has parts that are not among the rows.
  /// - Returns: whether the sink takes another one.
  mutating func end(id: String, isSuited: Bool) -> Bool
  consuming func finish() -> Product
}

/// Takes the rows of queries as they come from a server, those of one query after those of the one before.
package protocol RowSink: SendableMetatype {
  associatedtype Product: Sendable

  /// - Parameter query: which one, from 0.
  /// - Returns: whether the sink takes another one.
  /// - Throws: `RowColumns.Unsuited` where the queries must be read in the ordinary way.
  mutating func add(_ row: RowColumns, of query: Int) throws(RowColumns.Unsuited) -> Bool
  consuming func finish() -> Product
}

/// Takes embeddings row by row.
package protocol EmbeddingRowSink: SendableMetatype {
  associatedtype Product: Sendable

  /// - Returns: whether the sink takes another one.
  mutating func add(_ embedding: RowColumns) throws(RowColumns.Unsuited) -> Bool
  consuming func finish() -> Product
}
