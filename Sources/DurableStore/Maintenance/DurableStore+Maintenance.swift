internal import Foundation
internal import Platform

extension DurableStore {
  /// Whether the store works, and the state of its connections and breakers. Never throws: what is
  /// wrong is in the report.
  public func health() async -> StoreHealth {
    var health = StoreHealth()
    health.schemaVersion = schemaVersion
    health.storeID = storeID
    let start = ContinuousClock.now
    do throws(DurableStoreError) {
      let result = try await read(
        """
        SELECT sqlite_version(), page_size, page_count, freelist_count
        FROM pragma_page_size(), pragma_page_count(), pragma_freelist_count()
        """)
      if let values = result.rows.first {
        var row = RowReader(table: "pragma", columns: result.columns, values: values)
        health.sqliteVersion = try row.text()
        health.pageBytes = Int(try row.integer())
        health.pageCount = Int(try row.integer())
        health.freePageCount = Int(try row.integer())
      }
      health.isReachable = true
    } catch {
      health.problem = error.description
    }
    health.pingSeconds = (ContinuousClock.now - start).inSeconds
    if let file {
      health.fileBytes = SQLiteBackend.byteCount(ofFile: file.path)
      health.logBytes = SQLiteBackend.byteCount(ofFile: file.path + "-wal")
    }
    health.statements = backend.statistics
    return health
  }

  /// Rewrites the file without the room that deleted records left, and empties the write-ahead log.
  /// Reads go on meanwhile. Writes wait, of other processes too: for
  /// ``PoolConfiguration/vacuumSecondsMax`` at most, then they are told so.
  ///
  /// - Throws: ``DurableStoreError/database(_:)``, of kind `busy` when another process writes.
  /// - Complexity: writes the whole database once, and needs as much room on the disk.
  public func vacuum() async throws(DurableStoreError) -> VacuumReport {
    let file = try localFile()
    do {
      return try await file.writer.alone(isVacuum: true) { connection throws(SQLError) in
        let before = file.fileByteCount() ?? 0
        try VacuumMark.set(on: connection)
        do {
          // A mark that stays behind does no harm: it only counts while the file is locked.
          defer { try? VacuumMark.remove(on: connection) }
          try connection.script("VACUUM")
        }
        try connection.script("PRAGMA wal_checkpoint (TRUNCATE)")
        return VacuumReport(bytesBefore: before, bytesAfter: file.fileByteCount() ?? 0)
      }
    } catch {
      throw .database(error)
    }
  }

  /// Copies the store as it is at one moment into a new file, while reads and writes go on.
  ///
  /// The copy appears under its name when it is complete, checked and on the disk; its owner only may
  /// read it.
  ///
  /// - Parameters:
  ///   - path: the new file; its folder must exist.
  ///   - overwrite: whether a file that is there is replaced. Links, pipes and devices never are. Without it none is,
  ///     also not one that comes while the copy is made.
  /// - Throws: ``DurableStoreError/cannotOpen(path:problem:)`` when the file is there or cannot be
  ///   made, ``DurableStoreError/damagedBackup(path:problems:)`` when the copy is not sound.
  /// - Complexity: reads and writes the whole database once.
  public func backUp(
    to path: String, overwrite: Bool = false
  ) async throws(DurableStoreError) -> BackupReport {
    let file = try localFile()
    var status = stat()
    if lstat(path, &status) == 0 {
      guard status.st_mode & S_IFMT == S_IFREG else {
        throw .cannotOpen(path: path, problem: "it is there already, and is no regular file")
      }
      guard overwrite else { throw .cannotOpen(path: path, problem: SQLiteBackup.isThere) }
    }
    let outcome: SQLiteBackup.Outcome
    do throws(SQLError) {
      outcome = try await SQLiteBackup(
        source: file.path, destination: path, replaces: overwrite
      ).run()
    } catch {
      throw Self.copyError(error, path: path)
    }
    guard outcome.problems.isEmpty else {
      throw .damagedBackup(path: path, problems: outcome.problems)
    }
    return BackupReport(
      path: path, byteCount: SQLiteBackend.byteCount(ofFile: path),
      episodeCount: outcome.episodeCount, schemaVersion: schemaVersion)
  }

  func localFile() throws(DurableStoreError) -> SQLiteBackend {
    guard let file else {
      throw .database(SQLError(kind: .other, message: "the store is no local file"))
    }
    return file
  }
}
