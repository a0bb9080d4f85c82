import Episodes
import VectorMath

/// Reads every value of a ``RecordCache`` and compares it with its checksum, and the indexes with what they
/// index.
struct RecordCheck {
  let tables: RecordTables
  let codec: RecordCodec

  /// - Parameter decoding: whether messages are decoded too, which a right checksum makes sure to work in
  ///   the version that wrote them.
  /// - Complexity: O(bytes), about a gigabyte a second without decoding.
  func verification(
    in transaction: borrowing ReadTransaction, decoding: Bool
  ) throws(CacheError) -> CacheVerification {
    var report = CacheVerification()
    try checkEpisodes(&report, in: transaction, decoding: decoding)
    try check(
      tables.patterns, \.patternCount, &report, in: transaction,
      decoding ? { (message) throws(WireError) in _ = try RecordFormat.pattern(message) } : nil)
    try check(
      tables.heuristics, \.heuristicCount, &report, in: transaction,
      decoding ? { (message) throws(WireError) in _ = try RecordFormat.heuristic(message) } : nil)
    try checkEmbeddings(&report, in: transaction)
    for table in [tables.metadata, tables.dictionaries] {
      var damagedCount = 0
      report.indexFaultCount += try forEachInOrder(of: table, in: transaction) { key, value in
        if !StoredChecksum.isRight(value, key: key, table: table) { damagedCount += 1 }
      }
      report.damagedValueCount += damagedCount
    }
    return report
  }

  private func check(
    _ table: Table, _ count: WritableKeyPath<CacheVerification, Int>,
    _ report: inout CacheVerification, in transaction: borrowing ReadTransaction,
    _ decode: ((UnsafeRawBufferPointer) throws(WireError) -> Void)?
  ) throws(CacheError) {
    var found = CacheVerification()
    var faultCount = 0
    faultCount += try forEachInOrder(of: table, in: transaction) { key, value in
      found[keyPath: count] += 1
      do throws(WireError) {
        if let decode {
          try codec.withMessage(
            of: value, key: key, table: table,
            dictionary: {
              StoredDictionary.find($0, in: transaction, tables: tables)?.bytes
            }, decode)
        } else {
          _ = try RecordHeader(value, key: key, table: table)
        }
      } catch {
        found.damagedValueCount += 1
      }
    }
    found.indexFaultCount += faultCount
    report += found
  }

  private func checkEpisodes(
    _ report: inout CacheVerification, in transaction: borrowing ReadTransaction, decoding: Bool
  ) throws(CacheError) {
    try check(
      tables.episodes, \.episodeCount, &report, in: transaction,
      decoding ? { (message) throws(WireError) in _ = try RecordFormat.episode(message) } : nil)
    var found = CacheVerification()
    var faultCount = 0
    // What the states say must be in the indexes is summed up, and so is what is in them: sums take no
    // lookups, and a difference is as sure as a checksum.
    var uses = IndexSum()
    var expiries = IndexSum()
    var stateCount = 0
    faultCount += try forEachInOrder(of: tables.episodeState, in: transaction) { key, value in
      stateCount += 1
      guard let state = EpisodeState(value, key: key, table: tables.episodeState) else {
        found.damagedValueCount += 1
        return
      }
      uses.add(RecordKey.number(state.lastUse) + key)
      if state.expiresAt != RecordHeader.neverExpires {
        expiries.add(RecordKey.number(state.expiresAt) + key)
      }
    }
    faultCount += try forEachInOrder(of: tables.recency, in: transaction) { key, value in
      uses.remove(key + Array(value))
    }
    faultCount += try forEachInOrder(of: tables.expiry, in: transaction) { key, _ in
      expiries.remove(key)
    }
    found.indexFaultCount +=
      uses.faultCount + expiries.faultCount + abs(stateCount - report.episodeCount)
    found.indexFaultCount += faultCount
    report += found
  }

  private func checkEmbeddings(
    _ report: inout CacheVerification, in transaction: borrowing ReadTransaction
  ) throws(CacheError) {
    var found = CacheVerification()
    var faultCount = 0
    var owners = IndexSum()
    faultCount += try forEachInOrder(of: tables.embeddings, in: transaction) { key, value in
      found.embeddingCount += 1
      guard key.count == 8, let id = RecordKey.number(in: key),
        let view = EmbeddingView(
          id: id, value: value, table: tables.embeddings, verifyingVector: true)
      else {
        found.damagedValueCount += 1
        return
      }
      let owner = view.owner
      owners.add(
        EmbeddingRecord.ownerKey(kind: owner.kind, ownerID: owner.id, part: owner.part, id: id))
    }
    faultCount += try forEachInOrder(of: tables.embeddingOwners, in: transaction) { key, _ in
      owners.remove(key)
    }
    found.indexFaultCount += owners.faultCount
    found.indexFaultCount += faultCount
    report += found
  }

  /// Calls `body` with each entry, and counts keys that are not above the one before: a lookup would miss
  /// them.
  ///
  /// - Returns: how many those are.
  private func forEachInOrder(
    of table: Table, in transaction: borrowing ReadTransaction,
    _ body: (_ key: [UInt8], _ value: UnsafeRawBufferPointer) -> Void
  ) throws(CacheError) -> Int {
    var previous: [UInt8] = []
    var faultCount = 0
    try transaction.forEach(in: table) { bytes, value in
      let key = Array(bytes)
      if !previous.lexicographicallyPrecedes(key) { faultCount += 1 }
      body(key, value)
      previous = key
      return true
    }
    return faultCount
  }

  /// Compares two sets of entries that come in different orders.
  private struct IndexSum {
    private var sum: UInt64 = 0
    private var count = 0

    mutating func add(_ entry: [UInt8]) {
      sum &+= Self.hash(entry)
      count += 1
    }

    mutating func remove(_ entry: [UInt8]) {
      sum &-= Self.hash(entry)
      count -= 1
    }

    var faultCount: Int { sum == 0 ? abs(count) : max(1, abs(count)) }

    /// FNV-1a with a last mixing, so that sums of similar entries differ.
    private static func hash(_ bytes: [UInt8]) -> UInt64 {
      var hash: UInt64 = 0xcbf2_9ce4_8422_2325
      for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
      hash = (hash ^ hash >> 32) &* 0xff51_afd7_ed55_8ccd
      return hash ^ hash >> 29
    }
  }
}
