import GRDBSQLite

/// A row where SQLite holds it: read without copies, and valid only until the function that it is handed to
/// returns.
package struct RowColumns {
  // SAFETY: a statement that stands on a row, and is not stepped while the columns are used.
  private let statement: OpaquePointer

  init(_ statement: OpaquePointer) { self.statement = statement }

  /// A row that does not have what the schema says, or more than the fast way can carry; it must be read in
  /// the ordinary way, which says what is wrong.
  package struct Unsuited: Error {
    package init() {}
  }

  package func isNull(_ column: Int) -> Bool {
    sqlite3_column_type(statement, Int32(column)) == SQLITE_NULL
  }

  /// The bytes of a text.
  package func text(_ column: Int) throws(Unsuited) -> UnsafeRawBufferPointer {
    let index = Int32(column)
    guard sqlite3_column_type(statement, index) == SQLITE_TEXT else { throw Unsuited() }
    let start = sqlite3_column_text(statement, index)
    return UnsafeRawBufferPointer(
      start: start, count: Int(sqlite3_column_bytes(statement, index)))
  }

  package func optionalText(_ column: Int) throws(Unsuited) -> UnsafeRawBufferPointer? {
    isNull(column) ? nil : try text(column)
  }

  package func blob(_ column: Int) throws(Unsuited) -> UnsafeRawBufferPointer {
    let index = Int32(column)
    guard sqlite3_column_type(statement, index) == SQLITE_BLOB else { throw Unsuited() }
    let start = sqlite3_column_blob(statement, index)
    return UnsafeRawBufferPointer(
      start: start, count: Int(sqlite3_column_bytes(statement, index)))
  }

  package func integer(_ column: Int) throws(Unsuited) -> Int64 {
    guard sqlite3_column_type(statement, Int32(column)) == SQLITE_INTEGER else { throw Unsuited() }
    return sqlite3_column_int64(statement, Int32(column))
  }

  package func optionalInteger(_ column: Int) throws(Unsuited) -> Int64? {
    isNull(column) ? nil : try integer(column)
  }

  /// A number; a whole one is one too.
  package func real(_ column: Int) throws(Unsuited) -> Double {
    switch sqlite3_column_type(statement, Int32(column)) {
    case SQLITE_FLOAT, SQLITE_INTEGER: return sqlite3_column_double(statement, Int32(column))
    default: throw Unsuited()
    }
  }
}

/// The columns of an episode as they are handed to an ``EpisodeRowSink``.
package enum EpisodeColumn {
  package static let rowID = 0
  package static let id = 1
  package static let namespace = 2
  package static let agentID = 3
  package static let sessionID = 4
  package static let taskType = 5
  package static let taskDescription = 6
  package static let domain = 7
  package static let language = 8
  package static let framework = 9
  package static let complexity = 10
  package static let contextTags = 11
  package static let startTime = 12
  package static let endTime = 13
  package static let outcomeKind = 14
  package static let outcome = 15
  /// The first of six.
  package static let reward = 16
  package static let reflection = 22
  package static let salientFeatures = 23
  package static let patternIDs = 24
  package static let heuristicIDs = 25
  package static let appliedPatterns = 26
  package static let tags = 27
  package static let metadata = 28
  package static let latitude = 29
  package static let longitude = 30
  package static let validFrom = 31
  package static let validUntil = 32
  package static let supersededBy = 33
  static let count = 34
}

/// The columns of a step.
package enum StepColumn {
  package static let number = 0
  package static let timestamp = 1
  package static let tool = 2
  package static let action = 3
  package static let parameters = 4
  package static let resultKind = 5
  package static let resultText = 6
  package static let latencySeconds = 7
  package static let tokensUsed = 8
  package static let metadata = 9
}

/// The columns of an embedding.
package enum EmbeddingColumn {
  package static let id = 0
  package static let ownerKind = 1
  package static let ownerID = 2
  package static let part = 3
  package static let model = 4
  package static let contentHash = 5
  package static let vector = 6
}
