import CLMDB

/// One snapshot of an environment. Pointers it gives are valid until it ends, in a write
/// transaction until the next change.
struct ReadTransaction: ~Copyable {
  // SAFETY: used by one thread at a time; LMDB ends it, see Environment.
  let handle: OpaquePointer?
  let path: String
  /// Whether an object holds the transaction, rather than a closure; see ``Environment/pin(_:)``.
  let isPinned: Bool

  /// The value of `key`, in the map; nil when there is none.
  ///
  /// - Complexity: O(log n).
  func value(for key: [UInt8], in table: Table) throws(CacheError) -> UnsafeRawBufferPointer? {
    if key.isEmpty { return nil }
    var found = MDB_val()
    // SAFETY: LMDB reads the key during the call only.
    let code = key.withUnsafeBytes { bytes in
      var lookup = MDB_val(bytes)
      return mdb_get(handle, table.handle, &lookup, &found)
    }
    if code == MDB_NOTFOUND { return nil }
    try check(code, "read from \(table.name)", path)
    return found.bytes
  }

  /// The number of the commit that the transaction sees.
  var snapshotID: UInt64 { UInt64(mdb_txn_id(handle)) }

  /// The number of entries of `table`.
  ///
  /// - Complexity: O(1).
  func count(of table: Table) throws(CacheError) -> Int {
    try statistics(of: table).ms_entries
  }

  /// Bytes of the pages that `table` takes.
  func bytes(of table: Table) throws(CacheError) -> Int {
    let statistics = try statistics(of: table)
    let pages =
      statistics.ms_branch_pages + statistics.ms_leaf_pages + statistics.ms_overflow_pages
    return pages * Int(statistics.ms_psize)
  }

  private func statistics(of table: Table) throws(CacheError) -> MDB_stat {
    var statistics = MDB_stat()
    try check(mdb_stat(handle, table.handle, &statistics), "count \(table.name)", path)
    return statistics
  }

  /// Runs `body` with a cursor on `table`.
  func withCursor<Value>(
    on table: Table, _ body: (inout Cursor) throws(CacheError) -> Value
  ) throws(CacheError) -> Value {
    var opened: OpaquePointer?
    try check(mdb_cursor_open(handle, table.handle, &opened), "read from \(table.name)", path)
    // In a write transaction a cursor must be closed before the transaction ends, which the scope
    // of the closure sees to.
    defer { mdb_cursor_close(opened) }
    var cursor = Cursor(handle: opened, tableName: table.name, path: path)
    return try body(&cursor)
  }

  /// Calls `body` with each entry in the order of keys, or backwards, until it returns false.
  ///
  /// - Parameters:
  ///   - start: the first key that counts, or backwards the last; nil for the table's end.
  ///   - prefix: only keys that begin with it; needs `start` to be nil, and goes forwards.
  func forEach(
    in table: Table, from start: [UInt8]? = nil, prefix: [UInt8] = [], backwards: Bool = false,
    _ body: (_ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) throws(CacheError)
      -> Bool
  ) throws(CacheError) {
    try withCursor(on: table) { (cursor) throws(CacheError) in
      let first = start ?? prefix
      var entry =
        backwards
        ? try cursor.last(upTo: start)
        : first.isEmpty ? try cursor.first() : try cursor.first(from: first)
      while let current = entry {
        guard current.key.starts(with: prefix), try body(current.key, current.value) else { return }
        entry = backwards ? try cursor.previous() : try cursor.next()
      }
    }
  }
}

extension MDB_val {
  init(_ bytes: UnsafeRawBufferPointer) {
    // LMDB takes a mutable pointer and does not write to keys and values it is given.
    self.init(
      mv_size: bytes.count, mv_data: UnsafeMutableRawPointer(mutating: bytes.baseAddress))
  }

  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: mv_data, count: mv_size) }
}
