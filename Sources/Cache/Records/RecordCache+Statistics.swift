import Episodes

extension RecordCache {
  /// What the cache holds now, and has done since this object was opened.
  ///
  /// - Complexity: O(number of tables).
  public func statistics() throws(CacheError) -> CacheStatistics {
    let lease = try held(for: "read the statistics")
    defer { withExtendedLifetime(lease) {} }
    var statistics = try lease.environment.read { (transaction) throws(CacheError) in
      var statistics = CacheStatistics()
      statistics.episodeCount = try transaction.count(of: tables.episodes)
      statistics.patternCount = try transaction.count(of: tables.patterns)
      statistics.heuristicCount = try transaction.count(of: tables.heuristics)
      statistics.embeddingCount = try transaction.count(of: tables.embeddings)
      for table in tables.all { statistics.usedBytes += try transaction.bytes(of: table) }
      return statistics
    }
    let space = try lease.environment.space()
    statistics.fileBytes = space.fileBytes
    statistics.mapBytes = space.mapBytes
    statistics.readersMax = space.readersMax
    statistics.readersPeak = space.readerPlacesUsed
    statistics.hits = counters.hits.current
    statistics.misses = counters.misses.current
    statistics.puts = counters.puts.current
    statistics.deletes = counters.deletes.current
    statistics.evictions = counters.evictions.current
    statistics.expirations = counters.expirations.current
    statistics.damagedValues = counters.damagedValues.current
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
      return try verification(in: transaction)
    }
  }

  private func verification(
    in transaction: borrowing ReadTransaction
  ) throws(CacheError) -> CacheVerification {
    var report = CacheVerification()
    try transaction.forEach(in: tables.episodes) { (key, value) throws(CacheError) in
      report.episodeCount += 1
      if (try? RecordFormat.episode(value)) == nil { report.damagedValueCount += 1 }
      if try transaction.value(for: Array(key), in: tables.episodeState) == nil {
        report.indexFaultCount += 1
      }
      return true
    }
    try transaction.forEach(in: tables.recency) { (_, key) throws(CacheError) in
      if try transaction.value(for: Array(key), in: tables.episodes) == nil {
        report.indexFaultCount += 1
      }
      return true
    }
    try transaction.forEach(in: tables.patterns) { _, value in
      report.patternCount += 1
      if (try? RecordFormat.pattern(value)) == nil { report.damagedValueCount += 1 }
      return true
    }
    try transaction.forEach(in: tables.heuristics) { _, value in
      report.heuristicCount += 1
      if (try? RecordFormat.heuristic(value)) == nil { report.damagedValueCount += 1 }
      return true
    }
    try transaction.forEach(in: tables.embeddings) { (key, value) throws(CacheError) in
      report.embeddingCount += 1
      guard let id = RecordKey.number(in: key),
        let owner = EmbeddingView(id: id, value: value)?.owner
      else {
        report.damagedValueCount += 1
        return true
      }
      let ownerKey = EmbeddingRecord.ownerKey(
        kind: owner.kind, ownerID: owner.id, part: owner.part, id: id)
      if try transaction.value(for: ownerKey, in: tables.embeddingOwners) == nil {
        report.indexFaultCount += 1
      }
      return true
    }
    let ownerCount = try transaction.count(of: tables.embeddingOwners)
    report.indexFaultCount += max(0, ownerCount - report.embeddingCount)
    return report
  }
}
