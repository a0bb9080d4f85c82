public import DurableStore

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

extension Memory {
  /// Whether the durable store works: its file, connections, breakers and their latest failures.
  /// Never throws; what is wrong is in the report.
  public func storeHealth() async -> StoreHealth {
    do {
      return try await store.health()
    } catch {
      var health = StoreHealth()
      health.problem = "\(error)"
      return health
    }
  }

  /// Looks for damage of the durable store: of its file, of references between tables, and of the
  /// indexes that follow from them.
  ///
  /// - Returns: a sentence for each problem; empty when all is well.
  /// - Throws: ``EngramError`` with code `storeFailed`.
  /// - Complexity: reads the whole database.
  public func checkStore() async throws(EngramError) -> [String] {
    try await engramErrors { try await store.checkIntegrity() }
  }

  /// Copies the durable store as it is at one moment into a new file, while reads and writes go on.
  ///
  /// The cache is not copied: it follows from the store.
  ///
  /// - Parameters:
  ///   - path: the new file; its folder must exist, and may not be in a home.
  ///   - overwrite: whether a file that is there is replaced. Links, pipes and devices never are.
  /// - Throws: ``EngramError``: `unusableOutput` when the file may not be made there, `storeFailed`.
  public func backUpStore(
    to path: String, overwrite: Bool = false
  ) async throws(EngramError) -> BackupReport {
    try configuration.home.checkOutput(path, overwrite: overwrite)
    return try await engramErrors {
      do {
        return try await store.backUp(to: path, overwrite: overwrite)
      } catch DurableStoreError.cannotOpen(path, let problem) {
        // Such as a file that has come since it was looked for.
        throw Home.unusableOutput(path, problem)
      }
    }
  }

  /// Gives back the room that deleted records left in the durable store's file, which holds nothing of them then.
  /// Writes wait meanwhile.
  ///
  /// - Throws: ``EngramError`` with code `storeFailed`.
  public func vacuumStore() async throws(EngramError) -> VacuumReport {
    let report = try await engramErrors { try await store.vacuum() }
    // It names what was deleted; the next search that looks for it makes it anew.
    unlink(configuration.home.wordIndexPath)
    return report
  }

  /// Puts a backup in the place of the durable store of a home that nobody has open. The next opening
  /// fills the cache anew.
  ///
  /// A store that is damaged, or newer than this release, is kept: ``BackupReport/setAsidePath`` says where.
  ///
  /// - Parameters:
  ///   - path: a file made by ``backUpStore(to:overwrite:)``.
  ///   - home: made if it is missing.
  /// - Throws: ``EngramError``: `conflict` when a process has the home open, `storeFailed` when the
  ///   backup is not sound; the home is as before then.
  public static func restoreStore(
    from path: String, to home: Home
  ) async throws(EngramError) -> BackupReport {
    // No home is made for a backup that is none.
    try await engramErrors { try await DurableStore.requireBackup(path) }
    try home.makeDirectories()
    return try await engramErrors {
      let report = try await DurableStore.restore(from: path, to: home.databasePath)
      home.restrictDatabaseFile()
      return report
    }
  }
}
