/// Brings a database to the newest schema: forward only, one transaction a version.
///
/// Any number of processes may open a new file together: the version is the primary key of
/// `schema_migrations`, so only one of them applies it, and the others look again.
struct Migrator {
  var migrations: [Migration] = Migration.all
  /// The name of the database in errors.
  var path: String
  /// Whether a database without anything in it becomes a store.
  var mayCreate = true

  var supportedVersion: Int { migrations.last?.version ?? 0 }

  private static let createTable = SQLStatement(
    """
    CREATE TABLE IF NOT EXISTS schema_migrations (
      version INTEGER PRIMARY KEY,
      applied_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
    )
    """)

  /// Refuses what a migration must not touch.
  func check(_ state: SchemaState) throws(DurableStoreError) {
    switch state {
    case .empty: break
    case .foreign: throw .foreignDatabase(path: path)
    case .version(let version):
      guard version <= supportedVersion else {
        throw .newerSchema(path: path, found: version, supported: supportedVersion)
      }
    }
  }

  /// Applies what is missing.
  func migrate(_ backend: any SQLBackend) async throws(DurableStoreError) {
    while true {
      let version = try await currentVersion(backend)
      guard let next = migrations.first(where: { $0.version > version }) else { return }
      let record = SQLStatement(
        "INSERT INTO schema_migrations (version) VALUES (?1)", [.integer(Int64(next.version))])
      do {
        _ = try await backend.write(
          [Self.createTable, record] + next.statements.map { SQLStatement($0) })
      } catch {
        // Another process applied this version first.
        if error.kind == .uniqueViolation && error.statementIndex == 1 { continue }
        throw .database(error)
      }
    }
  }

  private func currentVersion(_ backend: any SQLBackend) async throws(DurableStoreError) -> Int {
    let state: SchemaState
    do {
      state = try await SchemaState.read(backend)
    } catch {
      throw .database(error)
    }
    try check(state)
    if state == .empty, !mayCreate {
      throw .cannotOpen(
        path: path,
        problem: "the database is empty though there is a cache of it; is its address right? To "
          + "start anew without what the cache has, delete the cache folder")
    }
    if case .version(let version) = state { return version }
    return 0
  }
}
