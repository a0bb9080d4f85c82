import CLMDB
import Glibc
import Platform
import Synchronization

/// One open LMDB environment: a memory-mapped file of named tables, read by many transactions at
/// once and written by one at a time, over all processes.
///
/// - The map begins with ``EnvironmentOptions/defaultMapBytes`` of address space, and is doubled when it is
///   full, or when another process wrote beyond it. The file stays as long as its data. To replace the map,
///   transactions are kept from beginning until the open ones have ended; those are closures that take
///   milliseconds, and where one takes seconds the write that needs the room fails. Segments that are mapped
///   do not stand in the way: they lie in mappings of their own (``PageMapping``), and their transactions only
///   keep the pages from being used again. Where the system refuses so much address space (a limit on
///   virtual memory), smaller maps are tried.
/// - Durability: records are in an environment that does not wait for the disk (`MDB_NOSYNC`, with an
///   ``UnsyncedMark``), segments in one that does: `MDB_NOMETASYNC`. There a commit flushes its data pages once (`fdatasync`), and the
///   page that makes it the current state is flushed with the next commit. A killed process loses
///   nothing that was committed. A power cut can undo the last commit as a whole, which a cache
///   makes good: the watermark is part of the same commit, so the change is synchronised again.
///   The default would flush twice for each commit. `MDB_NOSYNC` alone would be unsafe: a power cut
///   could leave the current state pointing to pages never written, which nothing but the mark would
///   notice. `MDB_WRITEMAP` is not used, since a stray write of the process could then tear pages.
/// - `MDB_NOMEMINIT` is not used: single pages would carry left-over memory into the file, and a
///   segment's image is not initialised anyway but for its last page.
/// - `MDB_NOTLS` ties a reader's place to its transaction, so that a transaction may be ended on
///   another thread than it began on. Writers are synchronous closures, so they stay on theirs.
///
/// Thread-safe. Made by ``EnvironmentRegistry`` only.
final class Environment: Sendable {
  let path: String
  let identity: FileIdentity
  let format: String
  /// In the order of the names given at opening.
  let tables: [Table]
  /// Whether opening made the environment's tables.
  let wasCreated: Bool
  let pageBytes: Int
  /// Keeps the directory's identity from being given to another while the environment is open.
  private let directoryDescriptor: Int32
  // SAFETY: LMDB's environment handle may be used from any thread.
  nonisolated(unsafe) let handle: OpaquePointer
  let gate: Mutex<TransactionGate>
  /// Nil where commits wait for the disk.
  let unsyncedMark: UnsyncedMark?
  /// Whether this process has commits that may not be on the disk.
  let hasUnsyncedCommits = Atomic<Bool>(false)
  /// How long growing waits for transactions to end. They are closures that take milliseconds; one that takes
  /// longer has the growth fail rather than everything stall. Tests shorten it.
  let growthWaitMillisecondsMax = Atomic<Int>(5_000)
  /// The thread inside a write transaction; 0 for none.
  let writerThread = Atomic<UInt>(0)

  /// Opens the environment in the directory `path`, and makes it if the directory is empty.
  ///
  /// - Throws: ``CacheError`` with reason `damaged` or `otherFormat` for a file that is not a sound
  ///   environment of the given format.
  init(
    path: String, identity: FileIdentity, directoryDescriptor: Int32, format: String,
    tableNames: [String], options: EnvironmentOptions
  ) throws(CacheError) {
    let mark = UnsyncedMark(directory: path)
    guard !mark.tellsOfLoss else {
      throw CacheError(
        reason: .damaged, operation: "open", path: path,
        detail: "the system stopped before the disk had all of it")
    }
    let waitsForDisk = options.waitsForDisk || FileSystem.bootID == nil
    let handle = try Self.openHandle(
      path: path, tableCount: tableNames.count + 1, options: options, waitsForDisk: waitsForDisk)
    let unsyncedMark = waitsForDisk ? nil : mark
    do throws(CacheError) {
      // Processes that were killed while reading leave places that keep old pages from reuse.
      try check(mdb_reader_check(handle, nil), "clear stale readers", path)
      var statistics = MDB_stat()
      try check(mdb_env_stat(handle, &statistics), "read the page size", path)
      self.pageBytes = Int(statistics.ms_psize)
      var information = MDB_envinfo()
      try check(mdb_env_info(handle, &information), "read the map size", path)
      self.gate = Mutex(TransactionGate(mapBytes: information.me_mapsize))
      (self.tables, self.wasCreated) = try Self.openTables(
        handle: handle, path: path, format: format, names: tableNames, mark: unsyncedMark,
        leavesMax: options.leavesCheckedMax)
    } catch {
      mdb_env_close(handle)
      throw error
    }
    self.path = path
    self.unsyncedMark = unsyncedMark
    self.identity = identity
    self.directoryDescriptor = directoryDescriptor
    self.format = format
    self.handle = handle
    if wasCreated { hasUnsyncedCommits.store(true, ordering: .relaxed) }
  }

  /// Ends the environment. No transaction may be open: leases see to that.
  func close() {
    // Where the disk refuses, the mark has the cache made anew at its next opening.
    try? flush()
    let idle = gate.withLock { gate in gate.takeIdleReaders() }
    // SAFETY: idle readers belong to no transaction, and the last lease is gone.
    for reader in idle { mdb_txn_abort(reader.handle) }
    mdb_env_close(handle)
    FileSystem.closeDirectory(directoryDescriptor)
  }

  private static func openHandle(
    path: String, tableCount: Int, options: EnvironmentOptions, waitsForDisk: Bool
  ) throws(CacheError) -> OpaquePointer {
    try MetaPage.checkFile(path: path)
    try ReaderTableFile.allocate(in: path, readersMax: options.readersMax)
    // Room to write in a file that is there, without a growth at once.
    let fileBytes = FileSystem.size(of: path + "/data.mdb") ?? 0
    var mapBytes = max(options.mapBytes, 2 * min(fileBytes, Int.max / 4))
    while true {
      var created: OpaquePointer?
      try check(mdb_env_create(&created), "make an environment", path)
      guard let handle = created else {
        throw CacheError(system: Int32(MDB_PANIC), operation: "make an environment", path: path)
      }
      var code = mdb_env_set_mapsize(handle, mapBytes)
      if code == 0 { code = mdb_env_set_maxreaders(handle, UInt32(options.readersMax)) }
      if code == 0 { code = mdb_env_set_maxdbs(handle, MDB_dbi(tableCount)) }
      if code == 0 {
        var flags = UInt32(MDB_NOTLS | (waitsForDisk ? MDB_NOMETASYNC : MDB_NOSYNC))
        if !options.readsAhead { flags |= UInt32(MDB_NORDAHEAD) }
        code = mdb_env_open(handle, path, flags, 0o600)
      }
      if code == 0 { return handle }
      mdb_env_close(handle)
      guard code == ENOMEM, mapBytes / 4 >= EnvironmentOptions.fallbackMapBytesMin else {
        throw CacheError(system: code, operation: "open", path: path)
      }
      mapBytes /= 4
    }
  }
}
