import Episodes

/// Changes the tables of a ``RecordCache`` inside one write transaction, and counts what it did.
struct RecordWriter {
  /// What the cache may hold.
  struct Bounds {
    var episodesMax: Int
    var episodeBytesMax: Int
  }

  let tables: RecordTables
  var counts = CacheCounts()
  var result = BatchResult()
  /// The number of the latest use, over all episodes.
  private var lastUse: UInt64
  /// Bytes of the values of all episodes.
  var episodeBytes: Int64
  private let episodeBytesBefore: Int64?

  /// Reads where the cache stands.
  init(tables: RecordTables, in transaction: borrowing WriteTransaction) throws(CacheError) {
    self.tables = tables
    lastUse = try transaction.reading.withCursor(on: tables.recency) {
      (cursor) throws(CacheError) in
      try cursor.last().flatMap { RecordKey.number(in: $0.key) } ?? 0
    }
    episodeBytesBefore = try RecordMetadata.episodeBytes.number(in: transaction.reading, tables)
    episodeBytes =
      if let episodeBytesBefore { episodeBytesBefore } else {
        try Self.countedEpisodeBytes(tables, in: transaction.reading)
      }
  }

  /// Applies `batch`, then drops what expired by `now` and what is over the bounds.
  mutating func apply(
    _ batch: EncodedBatch, bounds: Bounds, now: Int64, in transaction: borrowing WriteTransaction
  ) throws(CacheError) {
    if let expected = batch.expectedWatermark {
      let current = try RecordMetadata.watermark.number(in: transaction.reading, tables) ?? 0
      guard current == expected else {
        result.applied = false
        return
      }
    }
    for key in batch.touches { try touch(key, in: transaction) }
    try delete(batch, in: transaction)
    for record in batch.episodes {
      try put(episode: record, expiresAt: batch.expiresAt, in: transaction)
    }
    for record in batch.patterns {
      try transaction.put(record.value, for: record.key, in: tables.patterns)
    }
    for record in batch.heuristics {
      try transaction.put(record.value, for: record.key, in: tables.heuristics)
    }
    counts.puts += batch.patterns.count + batch.heuristics.count
    for embedding in batch.embeddings { try put(embedding: embedding, in: transaction) }
    if let dictionary = batch.dictionary, !batch.episodes.isEmpty {
      try keep(dictionary, in: transaction)
    }
    try finish(bounds: bounds, now: now, in: transaction)
    if let watermark = batch.watermark {
      try RecordMetadata.watermark.put(watermark, in: transaction, tables)
    }
    if let origin = batch.origin {
      try RecordMetadata.origin.put(Array(origin.utf8), in: transaction, tables)
    }
    result.refusedEpisodeIDs = batch.refusedEpisodeIDs
    result.refusedEmbeddingIDs = batch.refusedEmbeddingIDs
  }

  /// Drops what expired by `now` and what is over the bounds.
  mutating func finish(
    bounds: Bounds, now: Int64, in transaction: borrowing WriteTransaction
  ) throws(CacheError) {
    try expire(now: now, in: transaction)
    try evict(bounds, in: transaction)
  }

  /// Writes down the sum of bytes, what was counted since the last time, and what this writer did.
  func save(
    _ unsaved: CacheCounts, in transaction: borrowing WriteTransaction
  ) throws(CacheError) {
    if episodeBytes != episodeBytesBefore {
      try RecordMetadata.episodeBytes.put(episodeBytes, in: transaction, tables)
    }
    let sum = unsaved + counts
    guard sum != CacheCounts() else { return }
    let before = try RecordMetadata.counts.value(in: transaction.reading, tables)
    try RecordMetadata.counts.put(
      ((before.map(CacheCounts.init) ?? CacheCounts()) + sum).bytes, in: transaction, tables)
  }

  /// Deletes everything but what was counted.
  mutating func removeAll(in transaction: borrowing WriteTransaction) throws(CacheError) {
    let counted = try RecordMetadata.counts.value(in: transaction.reading, tables)
      .map(CacheCounts.init)
    for table in [tables.episodes, tables.patterns, tables.heuristics, tables.embeddings] {
      counts.deletes += try transaction.reading.count(of: table)
    }
    for table in tables.all { try transaction.empty(table) }
    if let counted { try RecordMetadata.counts.put(counted.bytes, in: transaction, tables) }
    episodeBytes = 0
  }

  /// Counts a use of an episode; what was read may be gone by now.
  mutating func touch(
    _ key: [UInt8], in transaction: borrowing WriteTransaction
  ) throws(CacheError) {
    guard let state = try state(of: key, in: transaction.reading), state.lastUse != lastUse else {
      return
    }
    try transaction.delete(RecordKey.number(state.lastUse), in: tables.recency)
    lastUse &+= 1
    try put(
      EpisodeState(valueBytes: state.valueBytes, lastUse: lastUse, expiresAt: state.expiresAt),
      of: key, in: transaction)
  }

  /// Puts other values of the episodes that are there in the place of theirs, with the same use and expiry,
  /// and leaves out all others. `values` are in the order of keys.
  mutating func replaceAll(
    by values: [(key: [UInt8], value: [UInt8])], in transaction: borrowing WriteTransaction
  ) throws(CacheError) {
    // Put anew in their order they fill pages; shorter values in the old pages would leave holes.
    try transaction.empty(tables.episodes)
    for (key, value) in values {
      guard var state = try state(of: key, in: transaction.reading) else { continue }
      episodeBytes += Int64(value.count) - Int64(state.valueBytes)
      state.valueBytes = UInt32(clamping: value.count)
      try transaction.put(value, for: key, in: tables.episodes, appends: true)
      try transaction.put(
        state.bytes(key: key, table: tables.episodeState), for: key, in: tables.episodeState)
    }
  }

  /// Sees to it that the dictionary of values is in the cache with them.
  func keep(
    _ dictionary: CompressionDictionary, sampleCount: UInt32 = 0,
    in transaction: borrowing WriteTransaction
  ) throws(CacheError) {
    let there = StoredDictionary.find(dictionary.id, in: transaction.reading, tables: tables)
    // One that was written with a batch alone does not say what it learnt from.
    if let there, there.sampleCount >= sampleCount { return }
    let stored = StoredDictionary(
      id: dictionary.id, sampleCount: sampleCount, bytes: dictionary.bytes)
    let key = StoredDictionary.key(dictionary.id)
    try transaction.put(
      stored.value(key: key, table: tables.dictionaries), for: key, in: tables.dictionaries)
  }

  private mutating func delete(
    _ batch: EncodedBatch, in transaction: borrowing WriteTransaction
  ) throws(CacheError) {
    for key in batch.deletedEpisodes where try remove(episode: key, in: transaction) {
      counts.deletes += 1
    }
    for key in batch.deletedPatterns where try transaction.delete(key, in: tables.patterns) {
      counts.deletes += 1
    }
    for key in batch.deletedHeuristics where try transaction.delete(key, in: tables.heuristics) {
      counts.deletes += 1
    }
    for owner in batch.deletedOwners { try remove(embeddingsOf: owner, in: transaction) }
    for id in batch.deletedEmbeddingIDs { try remove(embedding: id, in: transaction) }
  }

  private mutating func put(
    episode record: EncodedBatch.Record, expiresAt: Int64,
    in transaction: borrowing WriteTransaction
  ) throws(CacheError) {
    try removeState(of: record.key, in: transaction)
    try transaction.put(record.value, for: record.key, in: tables.episodes, appends: true)
    lastUse &+= 1
    let state = EpisodeState(
      valueBytes: UInt32(clamping: record.value.count), lastUse: lastUse, expiresAt: expiresAt)
    try put(state, of: record.key, in: transaction)
    if expiresAt != RecordHeader.neverExpires {
      try transaction.put(
        [], for: RecordKey.number(expiresAt) + record.key, in: tables.expiry, appends: true)
    }
    episodeBytes += Int64(state.valueBytes)
    counts.puts += 1
  }

  private func put(
    _ state: EpisodeState, of key: [UInt8], in transaction: borrowing WriteTransaction
  ) throws(CacheError) {
    try transaction.put(
      state.bytes(key: key, table: tables.episodeState), for: key, in: tables.episodeState,
      appends: true)
    try transaction.put(
      key, for: RecordKey.number(state.lastUse), in: tables.recency, appends: true)
  }

  private func state(
    of key: [UInt8], in transaction: borrowing ReadTransaction
  ) throws(CacheError) -> EpisodeState? {
    try transaction.value(for: key, in: tables.episodeState)
      .flatMap { EpisodeState($0, key: key, table: tables.episodeState) }
  }

  /// Takes an episode out of the orders of use and expiry, and out of the sum of bytes.
  private mutating func removeState(
    of key: [UInt8], in transaction: borrowing WriteTransaction
  ) throws(CacheError) {
    guard let value = try transaction.reading.value(for: key, in: tables.episodeState) else {
      return
    }
    let state = EpisodeState(value, key: key, table: tables.episodeState)
    guard try transaction.delete(key, in: tables.episodeState), let state else { return }
    try transaction.delete(RecordKey.number(state.lastUse), in: tables.recency)
    if state.expiresAt != RecordHeader.neverExpires {
      try transaction.delete(RecordKey.number(state.expiresAt) + key, in: tables.expiry)
    }
    episodeBytes = max(0, episodeBytes - Int64(state.valueBytes))
  }

  mutating func remove(
    episode key: [UInt8], in transaction: borrowing WriteTransaction
  ) throws(CacheError) -> Bool {
    try removeState(of: key, in: transaction)
    return try transaction.delete(key, in: tables.episodes)
  }

  /// What the sum of bytes is, from the states.
  private static func countedEpisodeBytes(
    _ tables: RecordTables, in transaction: borrowing ReadTransaction
  ) throws(CacheError) -> Int64 {
    var sum: Int64 = 0
    try transaction.forEach(in: tables.episodeState) { key, value in
      let state = EpisodeState(value, key: Array(key), table: tables.episodeState)
      sum += Int64(state?.valueBytes ?? 0)
      return true
    }
    return sum
  }
}
