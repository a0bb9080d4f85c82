import CLMDB
import Synchronization

extension Environment {
  /// Runs `body` in a read transaction: one snapshot, not held up by writers nor holding them up.
  ///
  /// Pointers that `body` gets are valid until it returns.
  func read<Value>(
    _ body: (borrowing ReadTransaction) throws(CacheError) -> Value
  ) throws(CacheError) -> Value {
    let transaction = try beginRead()
    defer { endRead(transaction) }
    return try body(transaction)
  }

  /// Ends a transaction of ``beginRead()`` or ``pin(_:)``.
  func endRead(_ transaction: borrowing ReadTransaction) {
    // SAFETY: the transaction ends here; its owner gives it up, on whichever thread (MDB_NOTLS).
    mdb_txn_reset(transaction.handle)
    let reader = IdleReader(handle: transaction.handle!)
    let isPinned = transaction.isPinned
    let isKept = gate.withLock { gate in
      if isPinned { gate.pinnedCount -= 1 } else { gate.activeCount -= 1 }
      return gate.keepIdleReader(reader)
    }
    if !isKept { mdb_txn_abort(reader.handle) }
  }

  /// Begins a read transaction, which ``endRead(_:)`` must get soon: the map cannot grow meanwhile, unless it
  /// is pinned.
  func beginRead() throws(CacheError) -> ReadTransaction {
    var hasClearedReaders = false
    while true {
      let idle = try enter(takingReader: true)
      var handle = idle?.handle
      // SAFETY: an idle reader is this thread's alone once it is taken out of the gate.
      let code =
        idle == nil
        ? mdb_txn_begin(self.handle, nil, UInt32(MDB_RDONLY), &handle) : mdb_txn_renew(handle)
      if code == MDB_SUCCESS {
        return ReadTransaction(handle: handle, path: path, isPinned: false)
      }
      if let idle { mdb_txn_abort(idle.handle) }
      leave()
      switch code {
      case MDB_MAP_RESIZED: try growMap(from: mapBytes)
      case MDB_BAD_RSLOT where idle != nil: continue
      case MDB_READERS_FULL where !hasClearedReaders:
        hasClearedReaders = true
        try check(mdb_reader_check(self.handle, nil), "clear stale readers", path)
      default: throw CacheError(system: code, operation: "begin a read", path: path)
      }
    }
  }
}
