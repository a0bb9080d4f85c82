import Synchronization

extension RecordCache {
  /// Episodes to learn from before a dictionary is worth its bytes.
  static let dictionarySamplesMin = 128
  /// Learning from more takes longer and gains little.
  static let dictionarySamplesMax = 2048

  /// Puts the cache's dictionary to use, or makes one once there are enough episodes, and another each time
  /// there are twice as many up to ``dictionarySamplesMax``; compresses those that are there anew.
  ///
  /// Learning fails where the samples are too short or too alike, and costs as much then. It is tried again
  /// when as many records were put as before it failed, by this process or others: the tries of a cache,
  /// however long it lives, are as many as its puts can be doubled.
  func prepareDictionary(for batch: CacheBatch) throws(CacheError) {
    guard let compression = configuration.compression, compression.usesDictionary,
      !batch.episodes.isEmpty || !batch.preparedEpisodes.isEmpty
    else { return }
    let (stored, count, isRefused) = try read("read the dictionary") {
      (transaction) throws(CacheError) in
      (
        try StoredDictionary.latest(in: transaction, tables: tables),
        try transaction.count(of: tables.episodes),
        try isDictionaryRefused(in: transaction)
      )
    }
    // Another process may have made one, or emptied the cache.
    if stored?.id != codec.currentDictionary?.id {
      codec.use(
        stored.flatMap { CompressionDictionary(bytes: $0.bytes, level: compression.level) })
    }
    let learnt = Int(stored?.sampleCount ?? 0)
    guard count >= max(Self.dictionarySamplesMin, 2 * learnt), learnt < Self.dictionarySamplesMax,
      !isRefused
    else { return }
    try renewDictionary(level: compression.level, after: learnt)
  }

  /// Whether a dictionary could not be made, and it is too early to try again.
  private func isDictionaryRefused(
    in transaction: borrowing ReadTransaction
  ) throws(CacheError) -> Bool {
    guard let refused = try RecordMetadata.dictionaryRefused.number(in: transaction, tables) else {
      return false
    }
    let puts = try RecordMetadata.counts.value(in: transaction, tables).map { CacheCounts($0).puts }
    // Fewer puts than then: the counts were lost, so the note says nothing.
    return Int64(puts ?? 0) >= refused && Int64(puts ?? 0) / 2 < refused
  }

  /// The stored bytes of a dictionary; nil when they are not what was written.
  func dictionaryBytes(_ id: UInt32, in transaction: borrowing ReadTransaction) -> [UInt8]? {
    StoredDictionary.find(id, in: transaction, tables: tables)?.bytes
  }

  private func renewDictionary(level: Int, after learnt: Int) throws(CacheError) {
    let samples = try samples()
    let made = CompressionDictionary.train(on: samples)
      .flatMap { CompressionDictionary(bytes: $0, level: level) }
    guard let made else { return try noteRefusal() }
    let sampleCount = UInt32(clamping: samples.count)
    try write("compress anew") { (writer, transaction) throws(CacheError) in
      let now = try StoredDictionary.latest(in: transaction.reading, tables: tables)
      // Another process may have been first; its dictionary is found by the next batch.
      guard now?.sampleCount ?? 0 <= learnt else { return }
      try writer.keep(made, sampleCount: sampleCount, in: transaction)
      try compressAnew(with: made, &writer, in: transaction)
      // No value is compressed with those before any more.
      for id in try StoredDictionary.ids(in: transaction.reading, tables: tables)
      where id != made.id {
        try transaction.delete(StoredDictionary.key(id), in: tables.dictionaries)
      }
    }
    codec.use(made)
  }

  private func noteRefusal() throws(CacheError) {
    try write("note that there is no dictionary") { (_, transaction) throws(CacheError) in
      let puts = try RecordMetadata.counts.value(in: transaction.reading, tables)
        .map { CacheCounts($0).puts }
      try RecordMetadata.dictionaryRefused.put(Int64(puts ?? 0), in: transaction, tables)
    }
  }

  private func samples() throws(CacheError) -> [[UInt8]] {
    try read("read samples") { (transaction) throws(CacheError) in
      var samples: [[UInt8]] = []
      try transaction.forEach(in: tables.episodes) { key, value in
        let message = try? codec.withMessage(
          of: value, key: Array(key), table: tables.episodes,
          dictionary: { dictionaryBytes($0, in: transaction) }
        ) { Array($0.prefix(CompressionDictionary.byteCountMax)) }
        if let message { samples.append(message) }
        return samples.count < Self.dictionarySamplesMax
      }
      return samples
    }
  }

  /// Compresses every episode with `dictionary`; one that cannot be read is dropped.
  private func compressAnew(
    with dictionary: CompressionDictionary, _ writer: inout RecordWriter,
    in transaction: borrowing WriteTransaction
  ) throws(CacheError) {
    var values: [(key: [UInt8], value: [UInt8])] = []
    var damagedKeys: [[UInt8]] = []
    try transaction.reading.forEach(in: tables.episodes) { bytes, value in
      let key = Array(bytes)
      let expiresAt = RecordHeader.expiry(value) ?? RecordHeader.neverExpires
      let compressed = try? codec.withMessage(
        of: value, key: key, table: tables.episodes,
        dictionary: { dictionaryBytes($0, in: transaction.reading) },
        { (message) throws(WireError) in
          try codec.value(
            of: Array(message), key: key, table: tables.episodes, expiresAt: expiresAt,
            dictionary: dictionary)
        })
      if let compressed { values.append((key, compressed)) } else { damagedKeys.append(key) }
      return true
    }
    for key in damagedKeys { _ = try writer.remove(episode: key, in: transaction) }
    try writer.replaceAll(by: values, in: transaction)
  }
}
