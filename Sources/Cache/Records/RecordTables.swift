/// The tables of a ``RecordCache``. Keys are ids unless said otherwise.
struct RecordTables: Sendable {
  static let names = [
    "episodes", "episode_state", "recency", "expiry", "patterns", "heuristics", "embeddings",
    "embedding_owners", "metadata",
  ]

  let episodes: Table
  /// The episode's place in `recency` and `expiry`; see ``EpisodeState``.
  let episodeState: Table
  /// When last used (a count) → key of the episode: the first entry is the next to evict.
  let recency: Table
  /// When it expires, then the key of the episode → nothing.
  let expiry: Table
  let patterns: Table
  let heuristics: Table
  /// Number of the embedding → ``EmbeddingRecord``.
  let embeddings: Table
  /// Owner, part and number of the embedding → nothing.
  let embeddingOwners: Table
  let metadata: Table

  /// - Parameter tables: in the order of ``names``.
  init(_ tables: [Table]) {
    episodes = tables[0]
    episodeState = tables[1]
    recency = tables[2]
    expiry = tables[3]
    patterns = tables[4]
    heuristics = tables[5]
    embeddings = tables[6]
    embeddingOwners = tables[7]
    metadata = tables[8]
  }

  var all: [Table] {
    [
      episodes, episodeState, recency, expiry, patterns, heuristics, embeddings, embeddingOwners,
      metadata,
    ]
  }
}

/// Where an episode is in the orders of use and of expiry: two numbers of 8 bytes, little endian.
struct EpisodeState: Hashable {
  var lastUse: UInt64
  /// Nanoseconds since 1970, or ``RecordFormat/neverExpires``.
  var expiresAt: Int64

  init(lastUse: UInt64, expiresAt: Int64) {
    self.lastUse = lastUse
    self.expiresAt = expiresAt
  }

  /// Nil for bytes that are none.
  init?(_ value: UnsafeRawBufferPointer) {
    guard value.count == 16 else { return nil }
    lastUse = UInt64(littleEndian: value.loadUnaligned(as: UInt64.self))
    expiresAt = Int64(littleEndian: value.loadUnaligned(fromByteOffset: 8, as: Int64.self))
  }

  var bytes: [UInt8] {
    withUnsafeBytes(of: lastUse.littleEndian) { Array($0) }
      + withUnsafeBytes(of: expiresAt.littleEndian) { Array($0) }
  }
}
