import Episodes

/// Changes the tables of a ``RecordCache`` inside one write transaction, and counts what it did.
struct RecordWriter {
  static let watermarkKey = Array("watermark".utf8)
  static let originKey = Array("origin".utf8)
  static let lastUseKey = Array("last-use".utf8)

  let tables: RecordTables
  var putCount = 0
  var deleteCount = 0
  var result = BatchResult()
  /// The number of the latest use, over all episodes.
  private var lastUse: UInt64 = 0

  init(tables: RecordTables) { self.tables = tables }

  /// Applies `batch`, then drops what expired by `now` and what is over `episodesMax`.
  mutating func apply(
    _ batch: EncodedBatch, episodesMax: Int, now: Int64,
    in transaction: borrowing WriteTransaction
  ) throws(CacheError) {
    if let expected = batch.expectedWatermark {
      let current = try Self.watermark(in: transaction.reading, tables: tables) ?? 0
      guard current == expected else {
        result.applied = false
        return
      }
    }
    lastUse =
      try transaction.reading.value(for: Self.lastUseKey, in: tables.metadata)
      .flatMap { RecordKey.number(in: $0) } ?? 0
    for key in batch.touches { try touch(key, in: transaction) }
    try delete(batch, in: transaction)
    for record in batch.episodes {
      try put(episode: record, expiresAt: batch.expiresAt, in: transaction)
    }
    for record in batch.patterns {
      try transaction.put(record.value, for: record.key, in: tables.patterns)
      putCount += 1
    }
    for record in batch.heuristics {
      try transaction.put(record.value, for: record.key, in: tables.heuristics)
      putCount += 1
    }
    for embedding in batch.embeddings { try put(embedding: embedding, in: transaction) }
    try expire(now: now, in: transaction)
    try evict(episodesMax: episodesMax, in: transaction)
    try transaction.put(RecordKey.number(lastUse), for: Self.lastUseKey, in: tables.metadata)
    if let watermark = batch.watermark {
      try transaction.put(
        RecordKey.number(watermark), for: Self.watermarkKey, in: tables.metadata)
    }
    if let origin = batch.origin {
      try transaction.put(Array(origin.utf8), for: Self.originKey, in: tables.metadata)
    }
    result.refusedEpisodeIDs = batch.refusedEpisodeIDs
    result.refusedEmbeddingIDs = batch.refusedEmbeddingIDs
  }

  /// The sequence of the last change that the cache has; nil for a new cache.
  static func watermark(
    in transaction: borrowing ReadTransaction, tables: RecordTables
  ) throws(CacheError) -> Int64? {
    try transaction.value(for: watermarkKey, in: tables.metadata)
      .flatMap { RecordKey.number(in: $0) }
      .map { Int64(bitPattern: $0 ^ 1 << 63) }
  }

  /// Drops the episodes whose time is over at `now`.
  ///
  /// - Complexity: O(log n) for each.
  mutating func expire(
    now: Int64, in transaction: borrowing WriteTransaction
  ) throws(CacheError) {
    while let entry = try firstEntry(of: tables.expiry, in: transaction.reading),
      let number = RecordKey.number(in: entry.key),
      Int64(bitPattern: number ^ 1 << 63) <= now
    {
      let key = Array(entry.key.dropFirst(8))
      try transaction.delete(entry.key, in: tables.expiry)
      if try remove(episode: key, in: transaction) { result.expiredCount += 1 }
    }
  }

  private mutating func evict(
    episodesMax: Int, in transaction: borrowing WriteTransaction
  ) throws(CacheError) {
    var excess = try transaction.reading.count(of: tables.episodes) - episodesMax
    while excess > 0, let entry = try firstEntry(of: tables.recency, in: transaction.reading) {
      try transaction.delete(entry.key, in: tables.recency)
      if try remove(episode: entry.value, in: transaction) {
        result.evictedCount += 1
        excess -= 1
      }
    }
  }

  private mutating func delete(
    _ batch: EncodedBatch, in transaction: borrowing WriteTransaction
  ) throws(CacheError) {
    for key in batch.deletedEpisodes where try remove(episode: key, in: transaction) {
      deleteCount += 1
    }
    for key in batch.deletedPatterns where try transaction.delete(key, in: tables.patterns) {
      deleteCount += 1
    }
    for key in batch.deletedHeuristics where try transaction.delete(key, in: tables.heuristics) {
      deleteCount += 1
    }
    for owner in batch.deletedOwners { try remove(embeddingsOf: owner, in: transaction) }
    for id in batch.deletedEmbeddingIDs { try remove(embedding: id, in: transaction) }
  }

  private mutating func put(
    episode record: EncodedBatch.Record, expiresAt: Int64,
    in transaction: borrowing WriteTransaction
  ) throws(CacheError) {
    try removeState(of: record.key, in: transaction)
    try transaction.put(record.value, for: record.key, in: tables.episodes)
    try putState(of: record.key, expiresAt: expiresAt, in: transaction)
    putCount += 1
  }

  private mutating func touch(
    _ key: [UInt8], in transaction: borrowing WriteTransaction
  ) throws(CacheError) {
    // What was read may be gone by now.
    guard let state = try removeState(of: key, in: transaction) else { return }
    try putState(of: key, expiresAt: state.expiresAt, in: transaction)
  }

  private mutating func putState(
    of key: [UInt8], expiresAt: Int64, in transaction: borrowing WriteTransaction
  ) throws(CacheError) {
    lastUse &+= 1
    let state = EpisodeState(lastUse: lastUse, expiresAt: expiresAt)
    try transaction.put(state.bytes, for: key, in: tables.episodeState)
    try transaction.put(key, for: RecordKey.number(lastUse), in: tables.recency)
    if expiresAt != RecordFormat.neverExpires {
      try transaction.put([], for: RecordKey.number(expiresAt) + key, in: tables.expiry)
    }
  }

  /// Takes an episode out of the orders of use and expiry.
  @discardableResult
  private func removeState(
    of key: [UInt8], in transaction: borrowing WriteTransaction
  ) throws(CacheError) -> EpisodeState? {
    guard let value = try transaction.reading.value(for: key, in: tables.episodeState) else {
      return nil
    }
    let state = EpisodeState(value)
    try transaction.delete(key, in: tables.episodeState)
    guard let state else { return nil }
    try transaction.delete(RecordKey.number(state.lastUse), in: tables.recency)
    if state.expiresAt != RecordFormat.neverExpires {
      try transaction.delete(RecordKey.number(state.expiresAt) + key, in: tables.expiry)
    }
    return state
  }

  private func remove(
    episode key: [UInt8], in transaction: borrowing WriteTransaction
  ) throws(CacheError) -> Bool {
    try removeState(of: key, in: transaction)
    return try transaction.delete(key, in: tables.episodes)
  }

  private mutating func put(
    embedding: EncodedBatch.EncodedEmbedding, in transaction: borrowing WriteTransaction
  ) throws(CacheError) {
    let key = RecordKey.number(embedding.id)
    // It may have had another owner.
    try removeOwner(ofEmbedding: embedding.id, key: key, in: transaction)
    try transaction.put(embedding.value, for: key, in: tables.embeddings)
    let owner = embedding.owner
    try transaction.put(
      [],
      for: EmbeddingRecord.ownerKey(
        kind: owner.kind, ownerID: owner.id, part: owner.part, id: embedding.id),
      in: tables.embeddingOwners)
    putCount += 1
  }

  private mutating func remove(
    embedding id: UInt64, in transaction: borrowing WriteTransaction
  ) throws(CacheError) {
    let key = RecordKey.number(id)
    try removeOwner(ofEmbedding: id, key: key, in: transaction)
    if try transaction.delete(key, in: tables.embeddings) { deleteCount += 1 }
  }

  private func removeOwner(
    ofEmbedding id: UInt64, key: [UInt8], in transaction: borrowing WriteTransaction
  ) throws(CacheError) {
    guard let value = try transaction.reading.value(for: key, in: tables.embeddings),
      let owner = EmbeddingView(id: id, value: value)?.owner
    else { return }
    try transaction.delete(
      EmbeddingRecord.ownerKey(kind: owner.kind, ownerID: owner.id, part: owner.part, id: id),
      in: tables.embeddingOwners)
  }

  private mutating func remove(
    embeddingsOf owner: EmbeddingOwner, in transaction: borrowing WriteTransaction
  ) throws(CacheError) {
    let prefix = EmbeddingRecord.ownerKey(kind: owner.kind, ownerID: owner.id)
    var keys: [[UInt8]] = []
    try transaction.reading.forEach(in: tables.embeddingOwners, prefix: prefix) { key, _ in
      keys.append(Array(key))
      return true
    }
    for key in keys {
      try transaction.delete(key, in: tables.embeddingOwners)
      guard let id = RecordKey.number(in: key, at: key.count - 8) else { continue }
      if try transaction.delete(RecordKey.number(id), in: tables.embeddings) { deleteCount += 1 }
    }
  }

  private func firstEntry(
    of table: Table, in transaction: borrowing ReadTransaction
  ) throws(CacheError) -> (key: [UInt8], value: [UInt8])? {
    try transaction.withCursor(on: table) { (cursor) throws(CacheError) in
      try cursor.first().map { (Array($0.key), Array($0.value)) }
    }
  }
}
