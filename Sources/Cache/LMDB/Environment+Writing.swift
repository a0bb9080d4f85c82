import CLMDB
import Glibc
import Synchronization

extension Environment {
  /// Runs `body` in the write transaction, after any other writer of any process, and commits what
  /// it did; nothing of it stays when `body` throws.
  ///
  /// - Parameter isRepeatable: whether `body` may be run again after the map had to grow.
  /// - Throws: ``CacheError``, with reason `nestedWrite` when this thread is already in a write of
  ///   this environment, for which it would wait for ever.
  func write<Value>(
    isRepeatable: Bool = true, _ body: (borrowing WriteTransaction) throws(CacheError) -> Value
  ) throws(CacheError) -> Value {
    let thread = UInt(pthread_self())
    guard writerThread.load(ordering: .relaxed) != thread else {
      throw CacheError(
        reason: .nestedWrite, operation: "begin a write", path: path,
        detail: "this thread is already writing")
    }
    while true {
      do {
        return try writeOnce(thread: thread, body)
      } catch  where error.code == MDB_MAP_RESIZED {
        try growMap(from: mapBytes)
      } catch  where error.code == MDB_MAP_FULL && isRepeatable {
        try growMap(from: mapBytes)
      }
    }
  }

  private func writeOnce<Value>(
    thread: UInt, _ body: (borrowing WriteTransaction) throws(CacheError) -> Value
  ) throws(CacheError) -> Value {
    _ = try enter(takingReader: false)
    defer { leave() }
    var handle: OpaquePointer?
    try check(mdb_txn_begin(self.handle, nil, 0, &handle), "begin a write", path)
    writerThread.store(thread, ordering: .relaxed)
    let value: Value
    do {
      value = try body(
        WriteTransaction(reading: ReadTransaction(handle: handle, path: path, isPinned: false)))
    } catch {
      writerThread.store(0, ordering: .relaxed)
      mdb_txn_abort(handle)
      throw error
    }
    do throws(CacheError) {
      try markUnsynced()
    } catch {
      writerThread.store(0, ordering: .relaxed)
      mdb_txn_abort(handle)
      throw error
    }
    // Before the lock is given up, since the next writer then stores its own.
    writerThread.store(0, ordering: .relaxed)
    try check(mdb_txn_commit(handle), "commit a write", path)
    return value
  }

  private func markUnsynced() throws(CacheError) {
    guard let unsyncedMark else { return }
    try unsyncedMark.require()
    hasUnsyncedCommits.store(true, ordering: .relaxed)
  }

  /// Waits until the disk has every commit of this process.
  ///
  /// - Throws: ``CacheError`` when the disk refuses; the cache is set aside at its next opening then, since
  ///   the system may drop what it could not write.
  func flush() throws(CacheError) {
    guard let unsyncedMark, hasUnsyncedCommits.exchange(false, ordering: .relaxed) else { return }
    let thread = UInt(pthread_self())
    guard writerThread.load(ordering: .relaxed) != thread else { return }
    _ = try enter(takingReader: false)
    defer { leave() }
    // Without the lock another process could commit between the flush and the removal of the mark.
    var handle: OpaquePointer?
    try check(mdb_txn_begin(self.handle, nil, 0, &handle), "begin a write", path)
    defer { mdb_txn_abort(handle) }
    let code = mdb_env_sync(self.handle, 1)
    guard code == MDB_SUCCESS else {
      unsyncedMark.tellOfLoss()
      throw CacheError(system: code, operation: "flush to the disk", path: path)
    }
    unsyncedMark.remove()
  }
}
