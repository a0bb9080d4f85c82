import CLMDB

extension Environment {
  /// The table that names the environment's format, beside the tables asked for.
  private static let formatTable = "format"
  private static let formatKey = "format"

  /// Checks the structure of the file and opens its tables, making them if there is none.
  static func openTables(
    handle: OpaquePointer, path: String, format: String, names: [String], mark: UnsyncedMark?,
    leavesMax: Int
  ) throws(CacheError) -> (tables: [Table], wasCreated: Bool) {
    let existing = try existingTables(
      handle: handle, path: path, format: format, names: names, leavesMax: leavesMax)
    if let existing { return (existing, false) }
    var begun: OpaquePointer?
    try check(mdb_txn_begin(handle, nil, 0, &begun), "begin a write", path)
    var isOpen = true
    defer { if isOpen { mdb_txn_abort(begun) } }
    let transaction = WriteTransaction(
      reading: ReadTransaction(handle: begun, path: path, isPinned: false))
    var tables: [Table] = []
    for name in [formatTable] + names {
      var table = MDB_dbi()
      try check(
        mdb_dbi_open(begun, name, UInt32(MDB_CREATE), &table), "make the table \(name)", path)
      tables.append(Table(name: name, handle: table))
    }
    try transaction.put(Array(format.utf8), for: Array(formatKey.utf8), in: tables[0])
    try mark?.require()
    isOpen = false
    try check(mdb_txn_commit(begun), "make the tables", path)
    return (Array(tables.dropFirst()), true)
  }

  /// The tables, or nil when the environment holds nothing yet.
  private static func existingTables(
    handle: OpaquePointer, path: String, format: String, names: [String], leavesMax: Int
  ) throws(CacheError) -> [Table]? {
    var begun: OpaquePointer?
    try check(mdb_txn_begin(handle, nil, UInt32(MDB_RDONLY), &begun), "begin a read", path)
    var isOpen = true
    defer { if isOpen { mdb_txn_abort(begun) } }
    // Before anything of the tree is touched: LMDB trusts the offsets in its pages.
    let entryCount = try StructureCheck.check(
      path: path, transactionID: UInt64(mdb_txn_id(begun)),
      leavesMax: leavesMax)
    if entryCount == 0 { return nil }
    let transaction = ReadTransaction(handle: begun, path: path, isPinned: false)
    var tables: [Table] = []
    for name in [formatTable] + names {
      var table = MDB_dbi()
      let code = mdb_dbi_open(begun, name, 0, &table)
      if code == MDB_NOTFOUND {
        throw CacheError(
          reason: .otherFormat, operation: "open", path: path,
          detail: "the table \(name) of \(format) is missing")
      }
      try check(code, "open the table \(name)", path)
      tables.append(Table(name: name, handle: table))
    }
    let found = try transaction.value(for: Array(formatKey.utf8), in: tables[0])
      .map { String(decoding: $0.prefix(64), as: UTF8.self) }
    guard found == format else {
      throw CacheError(
        reason: .otherFormat, operation: "open", path: path,
        detail: "the format is \(found ?? "not named"), not \(format)")
    }
    isOpen = false
    // Committing a read is what keeps its table handles open.
    try check(mdb_txn_commit(begun), "open the tables", path)
    return Array(tables.dropFirst())
  }
}
