import GRDBSQLite

/// A row where SQLite holds it: read without copies, and valid only until the function that it is handed to
/// returns.
public struct RowColumns {
  // SAFETY: a statement that stands on a row, and is not stepped while the columns are used.
  private let statement: OpaquePointer

  init(_ statement: OpaquePointer) { self.statement = statement }

  /// A row that does not have what the schema says, or more than the fast way can carry; it must be read in
  /// the ordinary way, which says what is wrong.
  public struct Unsuited: Error {
    public init() {}
  }

  public func isNull(_ column: Int) -> Bool {
    sqlite3_column_type(statement, Int32(column)) == SQLITE_NULL
  }

  /// The bytes of a text.
  public func text(_ column: Int) throws(Unsuited) -> UnsafeRawBufferPointer {
    let index = Int32(column)
    guard sqlite3_column_type(statement, index) == SQLITE_TEXT else { throw Unsuited() }
    let start = sqlite3_column_text(statement, index)
    return UnsafeRawBufferPointer(
      start: start, count: Int(sqlite3_column_bytes(statement, index)))
  }

  public func optionalText(_ column: Int) throws(Unsuited) -> UnsafeRawBufferPointer? {
    isNull(column) ? nil : try text(column)
  }

  public func blob(_ column: Int) throws(Unsuited) -> UnsafeRawBufferPointer {
    let index = Int32(column)
    guard sqlite3_column_type(statement, index) == SQLITE_BLOB else { throw Unsuited() }
    let start = sqlite3_column_blob(statement, index)
    return UnsafeRawBufferPointer(
      start: start, count: Int(sqlite3_column_bytes(statement, index)))
  }

  public func integer(_ column: Int) throws(Unsuited) -> Int64 {
    guard sqlite3_column_type(statement, Int32(column)) == SQLITE_INTEGER else { throw Unsuited() }
    return sqlite3_column_int64(statement, Int32(column))
  }

  public func optionalInteger(_ column: Int) throws(Unsuited) -> Int64? {
    isNull(column) ? nil : try integer(column)
  }

  /// A number; a whole one is one too.
  public func real(_ column: Int) throws(Unsuited) -> Double {
    switch sqlite3_column_type(statement, Int32(column)) {
    case SQLITE_FLOAT, SQLITE_INTEGER: return sqlite3_column_double(statement, Int32(column))
    default: throw Unsuited()
    }
  }
}

/// The columns of an episode as they are handed to an ``EpisodeRowSink``.
public enum EpisodeColumn {
  public static let rowID = 0
  public static let id = 1
  public static let namespace = 2
  public static let agentID = 3
  public static let sessionID = 4
  public static let taskType = 5
  public static let taskDescription = 6
  public static let domain = 7
  public static let language = 8
  public static let framework = 9
  public static let complexity = 10
  public static let contextTags = 11
  public static let startTime = 12
  public static let endTime = 13
  public static let outcomeKind = 14
  public static let outcome = 15
  /// The first of six.
  public static let reward = 16
  public static let reflection = 22
  public static let salientFeatures = 23
  public static let patternIDs = 24
  public static let heuristicIDs = 25
  public static let appliedPatterns = 26
  public static let tags = 27
  public static let metadata = 28
  public static let latitude = 29
  public static let longitude = 30
  public static let validFrom = 31
  public static let validUntil = 32
  public static let supersededBy = 33
  static let count = 34
}

/// The columns of a step.
public enum StepColumn {
  public static let number = 0
  public static let timestamp = 1
  public static let tool = 2
  public static let action = 3
  public static let parameters = 4
  public static let resultKind = 5
  public static let resultText = 6
  public static let latencySeconds = 7
  public static let tokensUsed = 8
  public static let metadata = 9
}

/// The columns of an embedding.
public enum EmbeddingColumn {
  public static let id = 0
  public static let ownerKind = 1
  public static let ownerID = 2
  public static let part = 3
  public static let model = 4
  public static let contentHash = 5
  public static let vector = 6
}
