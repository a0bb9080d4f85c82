/// What a database holds, seen from outside.
enum SchemaState: Equatable {
  case empty
  /// Our tables, at this version.
  case version(Int)
  /// Tables, but not ours.
  case foreign

  /// Counts our version table and the tables of anyone.
  static let tablesQuery = SQLStatement(
    """
    SELECT
      count(*) FILTER (WHERE name = 'schema_migrations'),
      count(*) FILTER (WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE
        'libsql\\_%' ESCAPE '\\' AND name NOT LIKE '\\_litestream\\_%' ESCAPE '\\')
    FROM sqlite_schema WHERE type = 'table'
    """)

  static let versionQuery = SQLStatement("SELECT max(version) FROM schema_migrations")

  /// Reads the state with `query`, which runs one statement.
  static func read(
    _ query: (SQLStatement) throws(SQLError) -> SQLResult
  ) throws(SQLError) -> SchemaState {
    let tables = try query(tablesQuery).rows.first ?? []
    if tables.first == .integer(1) {
      return .version(Int(try query(versionQuery).firstInteger ?? 0))
    }
    return tables.last == .integer(0) ? .empty : .foreign
  }

  /// Reads the state of an open backend.
  static func read(_ backend: any SQLBackend) async throws(SQLError) -> SchemaState {
    let tables = try await backend.read(tablesQuery).rows.first ?? []
    if tables.first == .integer(1) {
      return .version(Int(try await backend.read(versionQuery).firstInteger ?? 0))
    }
    return tables.last == .integer(0) ? .empty : .foreign
  }
}
