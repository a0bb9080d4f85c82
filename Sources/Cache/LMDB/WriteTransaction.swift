import CLMDB

/// The one writer of an environment. What it does is seen by others when it is committed, at once.
struct WriteTransaction: ~Copyable {
  /// Reads what the transaction has written so far.
  let reading: ReadTransaction

  /// Sets the value of `key`.
  ///
  /// - Parameter appends: whether the key is likely to be the table's last, and new. Pages are then filled
  ///   to their end instead of being split in halves.
  /// - Complexity: O(log n).
  func put(
    _ value: [UInt8], for key: [UInt8], in table: Table, appends: Bool = false
  ) throws(CacheError) {
    try reserve(value.count, for: key, in: table, appends: appends) { destination in
      destination.copyBytes(from: value)
    }
  }

  /// Sets the value of `key` to `count` bytes that `fill` writes in place.
  ///
  /// `fill` must write them all: what it leaves out is left-over memory. It must not use the
  /// transaction.
  func reserve(
    _ count: Int, for key: [UInt8], in table: Table, appends: Bool = false,
    _ fill: (UnsafeMutableRawBufferPointer) throws(CacheError) -> Void
  ) throws(CacheError) {
    var value = MDB_val(mv_size: count, mv_data: nil)
    // SAFETY: LMDB copies the key during the call.
    let code = key.withUnsafeBytes { bytes in
      var stored = MDB_val(bytes)
      if appends {
        let code = mdb_put(
          reading.handle, table.handle, &stored, &value, UInt32(MDB_RESERVE | MDB_APPEND))
        // It is not the last.
        if code != MDB_KEYEXIST { return code }
        value = MDB_val(mv_size: count, mv_data: nil)
      }
      return mdb_put(reading.handle, table.handle, &stored, &value, UInt32(MDB_RESERVE))
    }
    try check(code, "write to \(table.name)", reading.path)
    // SAFETY: the page is this transaction's own until the next change.
    try fill(UnsafeMutableRawBufferPointer(start: value.mv_data, count: count))
  }

  /// Deletes `key`; false when it was not there.
  ///
  /// - Complexity: O(log n).
  @discardableResult
  func delete(_ key: [UInt8], in table: Table) throws(CacheError) -> Bool {
    if key.isEmpty { return false }
    let code = key.withUnsafeBytes { bytes in
      var stored = MDB_val(bytes)
      return mdb_del(reading.handle, table.handle, &stored, nil)
    }
    if code == MDB_NOTFOUND { return false }
    try check(code, "delete from \(table.name)", reading.path)
    return true
  }

  /// Deletes all entries of `table`.
  ///
  /// - Complexity: O(pages).
  func empty(_ table: Table) throws(CacheError) {
    try check(mdb_drop(reading.handle, table.handle, 0), "empty \(table.name)", reading.path)
  }
}
