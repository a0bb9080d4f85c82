/// The truth of the engine: episodes and all that belongs to them, in one SQLite database.
///
/// Every write is one transaction: all of it is stored, or nothing. A write that has returned
/// survives a crash and a loss of power. Any number of tasks and processes may use one file.
///
/// ```swift
/// let store = try await DurableStore.open(path: "memory.db")
/// try await store.insert([NewEpisode(episode)])
/// let newest = try await store.episodes(matching: EpisodeFilter(domain: "web-api"), limit: 20)
/// ```
///
/// Texts are compared by their Unicode scalars: two spellings of one character that Swift calls
/// equal are different identifiers here, as they are in JSON and on the network.
public final class DurableStore: Sendable {
  let backend: any SQLBackend
  /// The file behind the backend, for what only a file can do; nil for a remote.
  let file: SQLiteBackend?
  /// The version of the schema.
  public let schemaVersion: Int
  /// A random name given to the database when it was created. A copy keeps it.
  public let storeID: String

  /// Opens a database file, creates it if it is missing, and brings its schema up to date.
  ///
  /// - Parameters:
  ///   - path: the file; its folder must exist.
  ///   - configuration: time-outs, connections, breaker and retries.
  /// - Throws: ``DurableStoreError`` when the file cannot be opened or written, is no database, is
  ///   another program's, or was written by a later release, or a number of the configuration is none to
  ///   wait for. A refused file is left unchanged; only a transaction that was cut off is undone, as by any
  ///   program that opens it.
  public static func open(
    path: String, configuration: DurableStoreConfiguration = DurableStoreConfiguration()
  ) async throws(DurableStoreError) -> DurableStore {
    try await open(path: path, configuration: configuration, migrations: Migration.all)
  }

  static func open(
    path: String, configuration: DurableStoreConfiguration, migrations: [Migration]
  ) async throws(DurableStoreError) -> DurableStore {
    do {
      try configuration.validate()
    } catch {
      throw .invalid(error)
    }
    let migrator = Migrator(migrations: migrations, path: path)
    let busyTimeoutSeconds = configuration.busyTimeoutSeconds
    Self.removeRemainsOfRestore(of: path)
    let state = try await BlockingThread.run { () throws(DurableStoreError) in
      try SQLiteFile.inspect(path: path, busyTimeoutSeconds: busyTimeoutSeconds)
    }
    try migrator.check(state)
    let file: SQLiteBackend
    do {
      file = try await SQLiteBackend.open(
        path: path, busyTimeoutSeconds: busyTimeoutSeconds, pool: configuration.pool,
        clock: configuration.clock)
    } catch {
      throw SQLiteFile.openingError(error, path: path)
    }
    await file.readers.fill()
    return try await DurableStore(
      backend: ResilientBackend(
        file, breaker: configuration.breaker, retries: configuration.retries,
        clock: configuration.clock),
      file: file, migrator: migrator)
  }

  /// Brings the schema of an open backend up to date and takes it over.
  init(
    backend: any SQLBackend, file: SQLiteBackend? = nil, migrator: Migrator
  ) async throws(DurableStoreError) {
    self.backend = backend
    self.file = file
    do throws(DurableStoreError) {
      try await migrator.migrate(backend)
      schemaVersion = migrator.supportedVersion
      storeID = try await Self.storeID(of: backend)
    } catch {
      backend.close()
      throw error
    }
  }

  /// Opens a database behind a backend of another module.
  ///
  /// - Parameter name: of the database, for errors.
  package static func open(
    _ backend: any SQLBackend, name: String, configuration: DurableStoreConfiguration
  ) async throws(DurableStoreError) -> DurableStore {
    do {
      try configuration.validate()
    } catch {
      throw .invalid(error)
    }
    return try await DurableStore(
      backend: ResilientBackend(
        backend, breaker: configuration.breaker, retries: configuration.retries,
        clock: configuration.clock),
      migrator: Migrator(path: name, mayCreate: configuration.mayCreate))
  }

  private static func storeID(
    of backend: any SQLBackend
  ) async throws(DurableStoreError) -> String {
    let query = SQLStatement("SELECT value FROM store_properties WHERE name = 'store_id'")
    do throws(SQLError) {
      if case .text(let id)? = try await backend.read(query).rows.first?.first { return id }
    } catch {
      throw .database(error)
    }
    throw .corrupt(table: "store_properties", column: "value", problem: "no store_id")
  }

  /// Closes the database. Every call after it throws; calls under way are finished first, for which it
  /// blocks.
  public func close() {
    backend.close()
  }

  /// Writes by this store that have ended, those that failed too; of another process none.
  package var writeCount: Int { backend.writeCount }

  /// Requests to a database elsewhere so far.
  package var requestCount: Int { backend.statistics.requests }

  // MARK: - Access to the backend

  func read(
    _ statements: [SQLStatement], cost: SQLReadCost = .scan
  ) async throws(DurableStoreError) -> [SQLResult] {
    do {
      return try await backend.read(statements, cost: cost)
    } catch {
      throw .database(error)
    }
  }

  func read(
    _ sql: String, _ arguments: [SQLValue] = [], cost: SQLReadCost = .scan
  ) async throws(DurableStoreError) -> SQLResult {
    try await read([SQLStatement(sql, arguments)], cost: cost)[0]
  }

  func write(_ statements: [SQLStatement]) async throws(DurableStoreError) -> [SQLResult] {
    do {
      return try await backend.write(statements)
    } catch {
      throw .database(error)
    }
  }

  @discardableResult
  func write(
    _ sql: String, _ arguments: [SQLValue] = []
  ) async throws(DurableStoreError) -> SQLResult {
    try await write([SQLStatement(sql, arguments)])[0]
  }
}
