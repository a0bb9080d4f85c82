import Episodes

extension RecordCache {
  /// What the cache holds now, and has done since this object was opened and before.
  ///
  /// - Complexity: O(number of tables).
  public func statistics() throws(CacheError) -> CacheStatistics {
    let lease = try held(for: "read the statistics")
    defer { withExtendedLifetime(lease) {} }
    // What this process has counted and not yet written down is added.
    let unsaved = counters.unsaved
    var statistics = try lease.environment.read { (transaction) throws(CacheError) in
      var statistics = CacheStatistics()
      statistics.episodeCount = try transaction.count(of: tables.episodes)
      statistics.patternCount = try transaction.count(of: tables.patterns)
      statistics.heuristicCount = try transaction.count(of: tables.heuristics)
      statistics.embeddingCount = try transaction.count(of: tables.embeddings)
      statistics.episodeBytes = Int(
        try RecordMetadata.episodeBytes.number(in: transaction, tables) ?? 0)
      for table in tables.all { statistics.usedBytes += try transaction.bytes(of: table) }
      statistics.dictionaryID = try StoredDictionary.latest(in: transaction, tables: tables)?.id
      statistics.totals =
        (try RecordMetadata.counts.value(in: transaction, tables).map(CacheCounts.init)
          ?? CacheCounts()) + unsaved
      return statistics
    }
    let space = try lease.environment.space()
    statistics.fileBytes = space.fileBytes
    statistics.mapBytes = space.mapBytes
    statistics.readersMax = space.readersMax
    statistics.readersPeak = space.readerPlacesUsed
    statistics.counts = counters.counts
    return statistics
  }

  /// Reads the whole file and everything in it, and reports what is not as it should be.
  ///
  /// - Throws: ``CacheError`` with reason `damaged` when the structure of the file is broken; then
  ///   the cache should be closed, deleted and opened again.
  /// - Complexity: O(bytes of the file).
  public func verify() throws(CacheError) -> CacheVerification {
    let lease = try held(for: "verify")
    defer { withExtendedLifetime(lease) {} }
    return try lease.environment.read { (transaction) throws(CacheError) in
      try StructureCheck.check(
        path: path, transactionID: transaction.snapshotID, leavesMax: .max)
      return try RecordCheck(tables: tables, codec: codec)
        .verification(in: transaction, decoding: true)
    }
  }
}
