internal import Episodes
internal import Foundation

/// What a kill leaves behind at each moment of a restore, and what is done about it:
///
/// 1. While the backup is copied and checked, files named `<store>.restoring…` that nobody else reads: the
///    next restore or opening removes them. The store is the old one.
/// 2. While the store leaves write-ahead mode, its log in part in the file: it is still there as a whole,
///    and the next opening takes it in again. The store is the old one.
/// 3. While the store is filled, the old pages in its rollback journal, which is on the disk before the
///    first page is overwritten: the next opening puts them back. The store is the old one.
/// 4. From the moment on in which the journal is removed, the store is the new one.
///
/// A file that does not open as a store, or is damaged, is not filled but set aside, see ``DamagedStore``: a kill leaves it
/// under its name, maybe without its log or journal, and under the new name too.
extension DurableStore {
  /// Puts a backup in the place of a store that nobody has open.
  ///
  /// The backup is copied, brought to the newest schema and checked first; a backup that is refused
  /// leaves the store as it was. Then the store's file is filled with the copy in one transaction under
  /// an exclusive lock: a crash leaves the old content or the new, and a process that opens the file
  /// meanwhile waits. The store gets a new ``storeID``, by which caches notice that what they know is of
  /// another history.
  ///
  /// A file that is damaged, whether or not it opens, of another program or of a later release keeps its content as
  /// `<path>.damaged-<time>`, with its log and journal. To find damage all of it is read.
  ///
  /// - Parameters:
  ///   - backup: a file made by ``backUp(to:overwrite:)``, or a copy of a closed store.
  ///   - path: the store; made if it is missing, for its owner only.
  /// - Throws: ``DurableStoreError/inUse(path:)`` when any process, this one included, has the store
  ///   open or restores it; ``DurableStoreError/damagedBackup(path:problems:)`` when the backup does not hold a store
  ///   that this release reads; ``DurableStoreError/cannotOpen(path:problem:)`` for either file.
  public static func restore(
    from backup: String, to path: String
  ) async throws(DurableStoreError) -> BackupReport {
    try await requireBackup(backup)
    guard let lock = FolderLock(folderOf: path) else { throw .inUse(path: path) }
    let copy = path + copySuffix
    removeFiles(ofCopy: copy)
    defer {
      removeFiles(ofCopy: copy)
      withExtendedLifetime(lock) {}
    }
    // What no restore can go on with is told before the copy is made.
    _ = try await BlockingThread.run { () throws(DurableStoreError) in try isStore(path) }
    var report = try await checkedCopy(of: backup, at: copy)
    report.setAsidePath = try await BlockingThread.run { () throws(DurableStoreError) in
      try putInPlace(path, copy: copy)
    }
    report.path = path
    return report
  }

  /// Refuses a file that is not there or holds no store that this release reads.
  package static func requireBackup(_ backup: String) async throws(DurableStoreError) {
    guard FileManager.default.fileExists(atPath: backup) else {
      throw .cannotOpen(path: backup, problem: "there is no such file")
    }
    try await BlockingThread.run { () throws(DurableStoreError) in try checkBackup(backup) }
  }

  private static func checkBackup(_ backup: String) throws(DurableStoreError) {
    let state: SchemaState
    do throws(DurableStoreError) {
      state = try SQLiteFile.inspect(path: backup, busyTimeoutSeconds: 10)
      try Migrator(path: backup).check(state)
    } catch {
      guard DamagedStore.isReason(error) else { throw error }
      throw .damagedBackup(path: backup, problems: [error.description])
    }
    guard case .version = state else {
      throw .damagedBackup(path: backup, problems: ["it holds no store"])
    }
  }

  /// Whether the file may be filled: false for one that is to be set aside.
  private static func isStore(_ path: String) throws(DurableStoreError) -> Bool {
    // SQLite would remove the log and journal of a file that is no database.
    guard DamagedStore.mayBeDatabase(path) else { return false }
    do throws(DurableStoreError) {
      try Migrator(path: path).check(try SQLiteFile.inspect(path: path, busyTimeoutSeconds: 10))
      return true
    } catch {
      guard DamagedStore.isReason(error) else { throw error }
      return false
    }
  }

  /// - Returns: where the file is that was there, if it had to be set aside.
  private static func putInPlace(
    _ path: String, copy: String
  ) throws(DurableStoreError) -> String? {
    if try isStore(path) {
      do throws(SQLError) {
        try replace(path, by: copy)
        return nil
      } catch {
        if error.kind == .busy { throw .inUse(path: path) }
        // Damage of a copy that was just checked is that of the store.
        guard DamagedStore.isReason(error) else { throw copyError(error, path: path) }
      }
    }
    do throws(SQLError) {
      try settle(copy)
    } catch {
      throw copyError(error, path: copy)
    }
    return try DamagedStore(path: path).replace(by: copy)
  }

  // MARK: - The copy

  private static let copySuffix = ".restoring"

  /// Removes what a killed restore has left behind, unless one is under way.
  static func removeRemainsOfRestore(of path: String) {
    let copy = path + copySuffix
    guard !path.hasSuffix(copySuffix),
      files(ofCopy: copy).contains(where: { access($0, F_OK) == 0 }),
      let lock = FolderLock(folderOf: path)
    else { return }
    removeFiles(ofCopy: copy)
    withExtendedLifetime(lock) {}
  }

  private static func files(ofCopy copy: String) -> [String] {
    [copy, copy + SQLiteBackup.partialSuffix].flatMap { file in
      [file] + SQLiteFile.companionSuffixes.map { file + $0 }
    }
  }

  private static func removeFiles(ofCopy copy: String) {
    for file in files(ofCopy: copy) { unlink(file) }
  }

  /// A copy that is of the newest schema, sound, and has an identity of its own.
  private static func checkedCopy(
    of backup: String, at copy: String
  ) async throws(DurableStoreError) -> BackupReport {
    let outcome: SQLiteBackup.Outcome
    do throws(SQLError) {
      outcome = try await SQLiteBackup(source: backup, destination: copy).run()
    } catch {
      if error.kind == .corrupt || error.kind == .notADatabase {
        throw .damagedBackup(path: backup, problems: [error.description])
      }
      throw error.kind == .diskFull
        ? copyError(error, path: copy) : copyError(error, path: backup)
    }
    guard outcome.problems.isEmpty else {
      throw .damagedBackup(path: backup, problems: outcome.problems)
    }
    let store = try await open(path: copy)
    defer { store.close() }
    let problems = try await store.checkIntegrity()
    guard problems.isEmpty else { throw .damagedBackup(path: backup, problems: problems) }
    try await store.write(
      "UPDATE store_properties SET value = lower(hex(randomblob(16))) WHERE name = 'store_id'")
    return BackupReport(
      path: copy, byteCount: store.file?.fileByteCount() ?? 0,
      episodeCount: try await store.count(matching: .init()), schemaVersion: store.schemaVersion)
  }

  /// Makes the copy one plain file, without a log beside it.
  private static func settle(_ copy: String) throws(SQLError) {
    let connection = try SQLiteConnection(
      path: copy, role: .writer, busyTimeoutSeconds: 1, counters: StatementCounters())
    defer { connection.close() }
    let mode = try connection.execute(SQLStatement("PRAGMA journal_mode = DELETE"))
    guard mode.rows == [[.text("delete")]] else {
      throw SQLError(kind: .busy, message: "the file is in use")
    }
  }

  // MARK: - The store

  private static func replace(_ path: String, by copy: String) throws(SQLError) {
    let counters = StatementCounters()
    let from = try SQLiteConnection(
      path: copy, role: .reader, busyTimeoutSeconds: 1, counters: counters)
    defer { from.close() }
    // SQLite would let others read a file that it makes.
    let file = Foundation.open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
    if file >= 0 { _ = Foundation.close(file) }
    let to = try SQLiteConnection(
      path: path, role: .writer, busyTimeoutSeconds: 0.5, counters: counters)
    defer { to.close() }
    // Leaving write-ahead mode takes a lock that no other connection may share, and the exclusive
    // locking mode keeps it. EXTRA: the journal is gone for good when this returns.
    try to.script("PRAGMA locking_mode = EXCLUSIVE; PRAGMA synchronous = EXTRA")
    let mode = try to.execute(SQLStatement("PRAGMA journal_mode = DELETE"))
    guard mode.rows == [[.text("delete")]] else {
      throw SQLError(kind: .busy, message: "the file is in use")
    }
    try to.script("BEGIN EXCLUSIVE; COMMIT")
    // One that opens may be damaged further in: what can be saved of it is nowhere else.
    let check = try to.execute(SQLStatement("PRAGMA quick_check(1)"))
    guard check.rows == [[.text("ok")]] else {
      throw SQLError(kind: .corrupt, message: "the store that is to be replaced is damaged")
    }
    try from.backUp(to: to)
  }

  static func copyError(_ error: SQLError, path: String) -> DurableStoreError {
    switch error.kind {
    case .cannotOpen, .readOnly: .cannotOpen(path: path, problem: error.message)
    case .notADatabase: .notADatabase(path: path)
    case .busy: .inUse(path: path)
    case .diskFull:
      .database(
        SQLError(
          kind: .diskFull, code: error.code,
          message: "cannot write \(path): there is no room left on the disk"))
    default: .database(error)
    }
  }
}
