extension RecordCache {
  /// Bytes of a cache that is read and compared with its checksums whenever it is opened after a change:
  /// less than 0.3 s. Of larger ones only the structure is checked at opening, up to
  /// ``StructureCheck/leavesAtOpeningMax``; ``isIntact()`` does the rest.
  static let bytesCheckedAtOpeningMax = 256 << 20

  static func lease(
    path: String, configuration: RecordCacheConfiguration, discardsExisting: Bool
  ) throws(CacheError) -> (lease: EnvironmentLease, opening: CacheOpening) {
    let note = CheckedNote(directory: path)
    let isChecked = note.isValid
    return try CacheDirectory.open(
      path: path, format: RecordFormat.environment, tables: RecordTables.names,
      options: EnvironmentOptions(
        mapBytes: configuration.mapBytes, readersMax: configuration.readersMax,
        waitsForDisk: false,
        leavesCheckedMax: isChecked ? 0 : StructureCheck.leavesAtOpeningMax),
      discardsExisting: discardsExisting
    ) { (environment) throws(CacheError) in
      guard !isChecked else { return }
      let tables = RecordTables(environment.tables)
      try environment.read { (transaction) throws(CacheError) in
        var byteCount = 0
        for table in tables.all { byteCount += try transaction.bytes(of: table) }
        guard byteCount <= Self.bytesCheckedAtOpeningMax else { return }
        try RecordCheck(tables: tables, codec: RecordCodec(compression: nil))
          .requireSound(in: transaction, path: path)
        note.write()
      }
    }
  }

  /// Compares every value with its checksum, and the indexes with what they index, and remembers that it did
  /// until the next change.
  ///
  /// - Returns: false if something is damaged; the cache should be emptied and filled again.
  /// - Complexity: O(bytes of the file), about a gigabyte a second.
  public func isIntact() throws(CacheError) -> Bool {
    let note = CheckedNote(directory: path)
    if note.isValid { return true }
    let lease = try held(for: "check")
    defer { withExtendedLifetime(lease) {} }
    do {
      try lease.environment.read { (transaction) throws(CacheError) in
        try StructureCheck.check(
          path: path, transactionID: transaction.snapshotID, leavesMax: .max)
        try RecordCheck(tables: tables, codec: codec).requireSound(in: transaction, path: path)
      }
    } catch  where error.reason == .damaged {
      return false
    }
    note.write()
    return true
  }
}

extension RecordCheck {
  func requireSound(
    in transaction: borrowing ReadTransaction, path: String
  ) throws(CacheError) {
    let found = try verification(in: transaction, decoding: false)
    guard !found.isSound else { return }
    throw CacheError(
      reason: .damaged, operation: "check the values", path: path,
      detail: "\(found.damagedValueCount) values are not what was written, and "
        + "\(found.indexFaultCount) entries of indexes are wrong")
  }
}
