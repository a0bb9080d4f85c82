import Episodes

/// A batch in the bytes of the tables, made before the write lock is taken.
struct EncodedBatch {
  struct Record {
    var key: [UInt8]
    var value: [UInt8]
  }

  struct EncodedEmbedding {
    var id: UInt64
    var owner: EmbeddingOwner
    var value: [UInt8]
  }

  var episodes: [Record] = []
  var patterns: [Record] = []
  var heuristics: [Record] = []
  var embeddings: [EncodedEmbedding] = []
  var deletedEpisodes: [[UInt8]]
  var deletedPatterns: [[UInt8]]
  var deletedHeuristics: [[UInt8]]
  var deletedEmbeddingIDs: [UInt64]
  var deletedOwners: [EmbeddingOwner]
  var watermark: Int64?
  var expectedWatermark: Int64?
  var origin: String?
  /// Keys of episodes that were read since the last batch, the latest last.
  var touches: [[UInt8]]
  let expiresAt: Int64
  /// The dictionary that episodes may need; it must be in the cache with them. Patterns and heuristics do
  /// without one, so that only episodes have to follow when there is another.
  let dictionary: CompressionDictionary?
  var refusedEpisodeIDs: [String] = []
  var refusedEmbeddingIDs: [UInt64] = []

  init(
    _ batch: CacheBatch, touches: [String], expiresAt: Int64, codec: RecordCodec,
    tables: RecordTables
  ) {
    deletedEpisodes = batch.deletedEpisodeIDs.map(RecordKey.id)
    deletedPatterns = batch.deletedPatternIDs.map(RecordKey.id)
    deletedHeuristics = batch.deletedHeuristicIDs.map(RecordKey.id)
    deletedEmbeddingIDs = batch.deletedEmbeddingIDs
    deletedOwners = batch.deletedEmbeddingOwners
    for id in batch.deletedEpisodeIDs {
      deletedOwners += [.episode, .step, .summary].map { EmbeddingOwner(kind: $0, id: id) }
    }
    deletedOwners += batch.deletedPatternIDs.map { EmbeddingOwner(kind: .pattern, id: $0) }
    watermark = batch.watermark
    expectedWatermark = batch.expectedWatermark
    origin = batch.origin
    self.touches = touches.map(RecordKey.id)
    self.expiresAt = expiresAt
    // Taken before values are made: a dictionary put to use meanwhile is then not missed.
    dictionary = codec.currentDictionary
    encode(batch, codec: codec, tables: tables)
  }

  private mutating func encode(_ batch: CacheBatch, codec: RecordCodec, tables: RecordTables) {
    func record(
      _ id: String, in table: Table, expiresAt: Int64 = RecordHeader.neverExpires,
      dictionary: CompressionDictionary? = nil,
      _ message: () throws(WireError) -> [UInt8]
    ) -> (key: [UInt8], record: Record?) {
      let key = RecordKey.id(id)
      let value = try? codec.value(
        of: message(), key: key, table: table, expiresAt: expiresAt, dictionary: dictionary)
      return (key, value.map { Record(key: key, value: $0) })
    }
    for episode in batch.episodes {
      let (key, made) = record(
        episode.id, in: tables.episodes, expiresAt: expiresAt, dictionary: dictionary
      ) { () throws(WireError) in try RecordFormat.message(of: episode)
      }
      if let made {
        episodes.append(made)
      } else {
        // An older version must not be served in its place.
        deletedEpisodes.append(key)
        refusedEpisodeIDs.append(episode.id)
      }
    }
    for prepared in batch.preparedEpisodes {
      let (key, made) = record(
        prepared.id, in: tables.episodes, expiresAt: expiresAt, dictionary: dictionary
      ) { () throws(WireError) in prepared.message }
      if let made {
        episodes.append(made)
      } else {
        deletedEpisodes.append(key)
        refusedEpisodeIDs.append(prepared.id)
      }
    }
    for pattern in batch.patterns {
      let (key, made) = record(pattern.id, in: tables.patterns) {
        () throws(WireError) in try RecordFormat.message(of: pattern)
      }
      if let made { patterns.append(made) } else { deletedPatterns.append(key) }
    }
    for heuristic in batch.heuristics {
      let (key, made) = record(heuristic.id, in: tables.heuristics) {
        () throws(WireError) in try RecordFormat.message(of: heuristic)
      }
      if let made { heuristics.append(made) } else { deletedHeuristics.append(key) }
    }
    embeddings.reserveCapacity(batch.embeddings.count + batch.preparedEmbeddings.count)
    for item in batch.embeddings {
      let value = EmbeddingRecord.encode(
        item.embedding, key: RecordKey.number(item.id), table: tables.embeddings)
      if let value {
        embeddings.append(
          EncodedEmbedding(id: item.id, owner: item.embedding.owner, value: value))
      } else {
        deletedEmbeddingIDs.append(item.id)
        refusedEmbeddingIDs.append(item.id)
      }
    }
    embeddings += batch.preparedEmbeddings.map {
      EncodedEmbedding(id: $0.id, owner: $0.owner, value: $0.value)
    }
  }
}
