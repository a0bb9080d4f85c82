public import Episodes
import Synchronization

extension RecordCache {
  /// The sequence of the last change that the cache has; nil for a new cache.
  public var watermark: Int64? {
    get throws(CacheError) {
      try read("read the watermark") { (transaction) throws(CacheError) in
        try RecordWriter.watermark(in: transaction, tables: tables)
      }
    }
  }

  /// The name of the store that the records come from; nil for a new cache.
  public var origin: String? {
    get throws(CacheError) {
      try read("read the origin") { (transaction) throws(CacheError) in
        try transaction.value(for: RecordWriter.originKey, in: tables.metadata)
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
  /// - Parameter asUse: whether the reading counts as a use of the episodes.
  public func episodes(ids: [String], asUse: Bool = true) throws(CacheError) -> [Episode?] {
    if ids.isEmpty { return [] }
    let found = try read("read episodes") { (transaction) throws(CacheError) in
      var episodes: [Episode?] = []
      episodes.reserveCapacity(ids.count)
      for id in ids { episodes.append(try episode(id: id, in: transaction)) }
      return episodes
    }
    guard asUse else { return found }
    touches.withLock { log in
      for (id, episode) in zip(ids, found) where episode != nil { log.touch(id) }
    }
    return found
  }

  /// Calls `body` with the stored bytes of an episode, in the map: a protobuf message. Neither
  /// decodes nor counts.
  ///
  /// - Returns: what `body` returns; nil when the episode is not in the cache or has expired.
  public func withEpisodeBytes<Value>(
    id: String, _ body: (UnsafeRawBufferPointer) -> Value
  ) throws(CacheError) -> Value? {
    try read("read an episode") { (transaction) throws(CacheError) in
      guard let value = try transaction.value(for: RecordKey.id(id), in: tables.episodes),
        let expiry = try? RecordFormat.expiry(value), !isOver(expiry)
      else { return nil }
      return body(UnsafeRawBufferPointer(rebasing: value[RecordFormat.episodeHeaderBytes...]))
    }
  }

  /// Whether an episode is in the cache and has not expired; does not count as a use.
  public func containsEpisode(id: String) throws(CacheError) -> Bool {
    try withEpisodeBytes(id: id) { _ in true } ?? false
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
        (_, key) throws(CacheError) in
        guard let value = try transaction.value(for: Array(key), in: tables.episodes),
          let expiry = try? RecordFormat.expiry(value), !isOver(expiry)
        else { return true }
        // Long identifiers are not in the key.
        if key.first == 0xFF || key.first == 0xFE {
          if let episode = decoded(value, RecordFormat.episode) { ids.append(episode.id) }
        } else {
          ids.append(String(decoding: key, as: UTF8.self))
        }
        return true
      }
      return ids
    }
  }

  private func episode(
    id: String, in transaction: borrowing ReadTransaction
  ) throws(CacheError) -> Episode? {
    guard let value = try transaction.value(for: RecordKey.id(id), in: tables.episodes) else {
      return counted(nil)
    }
    if let expiry = try? RecordFormat.expiry(value), isOver(expiry) { return counted(nil) }
    let episode = decoded(value, RecordFormat.episode)
    return counted(episode?.id == id ? episode : nil)
  }

  private func record<Record>(
    id: String, in table: Table, _ decode: (UnsafeRawBufferPointer) throws(WireError) -> Record
  ) throws(CacheError) -> Record? {
    try read("read from \(table.name)") { (transaction) throws(CacheError) in
      try transaction.value(for: RecordKey.id(id), in: table).flatMap { decoded($0, decode) }
    }
  }

  private func records<Record>(
    in table: Table, _ decode: (UnsafeRawBufferPointer) throws(WireError) -> Record
  ) throws(CacheError) -> [Record] {
    try read("read \(table.name)") { (transaction) throws(CacheError) in
      var records: [Record] = []
      try transaction.forEach(in: table) { _, value in
        if let record = decoded(value, decode) { records.append(record) }
        return true
      }
      return records
    }
  }

  private func decoded<Record>(
    _ value: UnsafeRawBufferPointer,
    _ decode: (UnsafeRawBufferPointer) throws(WireError) -> Record
  ) -> Record? {
    do {
      return try decode(value)
    } catch {
      counters.damagedValues.count()
      return nil
    }
  }

  private func counted<Record>(_ found: Record?) -> Record? {
    if found == nil { counters.misses.count() } else { counters.hits.count() }
    return found
  }

  private func isOver(_ expiry: Int64) -> Bool {
    expiry != RecordFormat.neverExpires && expiry <= configuration.now().nanosecondsSince1970
  }
}
