public import Episodes
import Synchronization

extension RecordCache {
  /// The sequence of the last change that the cache has; nil for a new cache.
  public var watermark: Int64? {
    get throws(CacheError) {
      try read("read the watermark") { (transaction) throws(CacheError) in
        try RecordMetadata.watermark.number(in: transaction, tables)
      }
    }
  }

  /// The name of the store that the records come from; nil for a new cache.
  public var origin: String? {
    get throws(CacheError) {
      try read("read the origin") { (transaction) throws(CacheError) in
        try RecordMetadata.origin.value(in: transaction, tables)
          .map { String(decoding: $0, as: UTF8.self) }
      }
    }
  }

  /// The episode with the identifier `id`; nil when it is not in the cache, has expired or cannot
  /// be decoded. Counts as a use of the episode.
  public func episode(id: String) throws(CacheError) -> Episode? {
    let found = try read("read an episode") { (transaction) throws(CacheError) in
      try episode(id: id, in: transaction)
    }
    if found != nil { touches.withLock { $0.touch(id) } }
    return found
  }

  /// The episodes with the identifiers `ids`, in their order and of one state; nil for each that
  /// ``episode(id:)`` would not find.
  ///
  /// - Parameter asUse: whether the reading counts as a use of the episodes, and as hits and misses.
  public func episodes(ids: [String], asUse: Bool = true) throws(CacheError) -> [Episode?] {
    if ids.isEmpty { return [] }
    let found = try read("read episodes") { (transaction) throws(CacheError) in
      var episodes: [Episode?] = []
      episodes.reserveCapacity(ids.count)
      for id in ids { episodes.append(try episode(id: id, in: transaction, isCounted: asUse)) }
      return episodes
    }
    guard asUse else { return found }
    touches.withLock { log in
      for (id, episode) in zip(ids, found) where episode != nil { log.touch(id) }
    }
    return found
  }

  /// Calls `body` with an episode as it is stored, a protobuf message, in the map unless it is compressed.
  /// Checks it, and neither decodes nor counts.
  ///
  /// - Returns: what `body` returns; nil when the episode is not in the cache, has expired or is damaged.
  public func withEpisodeBytes<Value>(
    id: String, _ body: (UnsafeRawBufferPointer) -> Value
  ) throws(CacheError) -> Value? {
    let key = RecordKey.id(id)
    return try read("read an episode") { (transaction) throws(CacheError) in
      guard let value = try transaction.value(for: key, in: tables.episodes), !isOver(value)
      else { return nil }
      return decoded(value, key: key, in: tables.episodes, transaction, body)
    }
  }

  /// Whether an episode is in the cache and has not expired; does not count as a use.
  public func containsEpisode(id: String) throws(CacheError) -> Bool {
    try read("look for an episode") { (transaction) throws(CacheError) in
      try transaction.value(for: RecordKey.id(id), in: tables.episodes).map { !isOver($0) } ?? false
    }
  }

  /// The pattern with the identifier `id`; nil when it is not in the cache or cannot be decoded.
  public func pattern(id: String) throws(CacheError) -> Pattern? {
    let found = try record(id: id, in: tables.patterns, RecordFormat.pattern)
    return counted(found?.id == id ? found : nil)
  }

  /// The heuristic with the identifier `id`; nil when it is not in the cache or cannot be decoded.
  public func heuristic(id: String) throws(CacheError) -> Heuristic? {
    let found = try record(id: id, in: tables.heuristics, RecordFormat.heuristic)
    return counted(found?.id == id ? found : nil)
  }

  /// All patterns, in the order of their identifiers' bytes.
  public func patterns() throws(CacheError) -> [Pattern] {
    try records(in: tables.patterns, RecordFormat.pattern)
  }

  /// All heuristics, in the order of their identifiers' bytes.
  public func heuristics() throws(CacheError) -> [Heuristic] {
    try records(in: tables.heuristics, RecordFormat.heuristic)
  }

  /// The identifiers of the episodes in the cache, the latest used first; expired ones are left
  /// out. Reads since the last batch do not show yet.
  public func episodeIDs() throws(CacheError) -> [String] {
    try read("list the episodes") { (transaction) throws(CacheError) in
      var ids: [String] = []
      try transaction.forEach(in: tables.recency, backwards: true) {
        (_, bytes) throws(CacheError) in
        let key = Array(bytes)
        guard let value = try transaction.value(for: key, in: tables.episodes), !isOver(value)
        else { return true }
        // Long identifiers are not in the key.
        if key.first == 0xFF || key.first == 0xFE {
          let episode = decoded(
            value, key: key, in: tables.episodes, transaction, RecordFormat.episode)
          if let episode { ids.append(episode.id) }
        } else {
          ids.append(String(decoding: key, as: UTF8.self))
        }
        return true
      }
      return ids
    }
  }

  /// The damage that reads came upon and no write has mended yet.
  public func knownDamage() -> CacheDamage { damage.withLock { $0 } }

  /// The damage that reads came upon, for the caller to mend.
  public func takeDamage() -> CacheDamage {
    damage.withLock { damage in
      defer { damage = CacheDamage() }
      return damage
    }
  }

  func note<ID: Sendable>(
    damaged id: ID, in ids: any WritableKeyPath<CacheDamage, Set<ID>> & Sendable
  ) {
    counters.damagedValues.count()
    damage.withLock { $0.note(id, in: ids) }
  }

  private func episode(
    id: String, in transaction: borrowing ReadTransaction, isCounted: Bool = true
  ) throws(CacheError) -> Episode? {
    let key = RecordKey.id(id)
    var found: Episode?
    if let value = try transaction.value(for: key, in: tables.episodes), !isOver(value) {
      found = decoded(value, key: key, in: tables.episodes, transaction, RecordFormat.episode)
      if found?.id != id { found = nil }
    }
    return isCounted ? counted(found) : found
  }

  private func record<Record>(
    id: String, in table: Table, _ decode: (UnsafeRawBufferPointer) throws(WireError) -> Record
  ) throws(CacheError) -> Record? {
    let key = RecordKey.id(id)
    return try read("read from \(table.name)") { (transaction) throws(CacheError) in
      guard let value = try transaction.value(for: key, in: table) else { return nil }
      return decoded(value, key: key, in: table, transaction, decode)
    }
  }

  private func records<Record>(
    in table: Table, _ decode: (UnsafeRawBufferPointer) throws(WireError) -> Record
  ) throws(CacheError) -> [Record] {
    try read("read \(table.name)") { (transaction) throws(CacheError) in
      var records: [Record] = []
      try transaction.forEach(in: table) { key, value in
        let record = decoded(value, key: Array(key), in: table, transaction, decode)
        if let record { records.append(record) }
        return true
      }
      return records
    }
  }

  /// What `decode` makes of the message in a stored value; nil, and noted, when the value is damaged.
  private func decoded<Record>(
    _ value: UnsafeRawBufferPointer, key: [UInt8], in table: Table,
    _ transaction: borrowing ReadTransaction,
    _ decode: (UnsafeRawBufferPointer) throws(WireError) -> Record
  ) -> Record? {
    do {
      return try codec.withMessage(
        of: value, key: key, table: table,
        dictionary: { dictionaryBytes($0, in: transaction) }, decode)
    } catch {
      let id = String(decoding: key, as: UTF8.self)
      if table.handle == tables.episodes.handle {
        note(damaged: id, in: \.episodeIDs)
      } else if table.handle == tables.patterns.handle {
        note(damaged: id, in: \.patternIDs)
      } else {
        note(damaged: id, in: \.heuristicIDs)
      }
      return nil
    }
  }

  private func counted<Record>(_ found: Record?) -> Record? {
    if found == nil { counters.misses.count() } else { counters.hits.count() }
    return found
  }

  /// Whether the time of a stored episode is over.
  private func isOver(_ value: UnsafeRawBufferPointer) -> Bool {
    // Looked at before the value is checked: damaged, it may make the episode missing, which it is.
    guard let expiry = RecordHeader.expiry(value), expiry != RecordHeader.neverExpires else {
      return false
    }
    return expiry <= configuration.now().nanosecondsSince1970
  }
}
