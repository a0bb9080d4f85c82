import CLMDB

/// A place in a table, moved entry by entry. Only exists inside ``ReadTransaction/withCursor(on:_:)``.
struct Cursor: ~Copyable {
  typealias Entry = (key: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer)

  // SAFETY: closed by withCursor, after the last use.
  let handle: OpaquePointer?
  let tableName: String
  let path: String

  mutating func first() throws(CacheError) -> Entry? { try move(MDB_FIRST, key: MDB_val()) }
  mutating func last() throws(CacheError) -> Entry? { try move(MDB_LAST, key: MDB_val()) }
  mutating func next() throws(CacheError) -> Entry? { try move(MDB_NEXT, key: MDB_val()) }
  mutating func previous() throws(CacheError) -> Entry? { try move(MDB_PREV, key: MDB_val()) }

  /// The first entry whose key is not before `key`.
  mutating func first(from key: [UInt8]) throws(CacheError) -> Entry? {
    // SAFETY: LMDB reads the key during the call only.
    let result: Result<Entry?, CacheError> = key.withUnsafeBytes { bytes in
      Result { () throws(CacheError) in try move(MDB_SET_RANGE, key: MDB_val(bytes)) }
    }
    return try result.get()
  }

  /// The last entry whose key is not after `key`; the table's last for nil.
  mutating func last(upTo key: [UInt8]?) throws(CacheError) -> Entry? {
    guard let key, !key.isEmpty else { return try last() }
    guard let entry = try first(from: key) else { return try last() }
    return entry.key.elementsEqual(key) ? entry : try previous()
  }

  /// Deletes the entry at the cursor, in a write transaction.
  mutating func delete() throws(CacheError) {
    try check(mdb_cursor_del(handle, 0), "delete from \(tableName)", path)
  }

  private mutating func move(
    _ operation: MDB_cursor_op, key: MDB_val
  ) throws(CacheError) -> Entry? {
    var key = key
    var value = MDB_val()
    let code = mdb_cursor_get(handle, &key, &value, operation)
    if code == MDB_NOTFOUND { return nil }
    try check(code, "read from \(tableName)", path)
    return (key.bytes, value.bytes)
  }
}
