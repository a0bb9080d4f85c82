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
  var refusedEpisodeIDs: [String] = []
  var refusedEmbeddingIDs: [UInt64] = []

  init(_ batch: CacheBatch, touches: [String], expiresAt: Int64) {
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
    encode(batch)
  }

  private mutating func encode(_ batch: CacheBatch) {
    for episode in batch.episodes {
      let key = RecordKey.id(episode.id)
      if let value = try? RecordFormat.encode(episode, expiresAt: expiresAt) {
        episodes.append(Record(key: key, value: value))
      } else {
        // An older version must not be served in its place.
        deletedEpisodes.append(key)
        refusedEpisodeIDs.append(episode.id)
      }
    }
    for pattern in batch.patterns {
      let key = RecordKey.id(pattern.id)
      if let value = try? RecordFormat.encode(pattern) {
        patterns.append(Record(key: key, value: value))
      } else {
        deletedPatterns.append(key)
      }
    }
    for heuristic in batch.heuristics {
      let key = RecordKey.id(heuristic.id)
      if let value = try? RecordFormat.encode(heuristic) {
        heuristics.append(Record(key: key, value: value))
      } else {
        deletedHeuristics.append(key)
      }
    }
    for item in batch.embeddings {
      if let value = EmbeddingRecord.encode(item.embedding) {
        embeddings.append(
          EncodedEmbedding(id: item.id, owner: item.embedding.owner, value: value))
      } else {
        deletedEmbeddingIDs.append(item.id)
        refusedEmbeddingIDs.append(item.id)
      }
    }
  }
}
