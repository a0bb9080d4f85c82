/// The tables of a ``RecordCache``. Keys are ids unless said otherwise.
struct RecordTables: Sendable {
  static let names = [
    "episodes", "episode_state", "recency", "expiry", "patterns", "heuristics", "embeddings",
    "embedding_owners", "metadata", "dictionaries",
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
  /// See ``RecordMetadata``.
  let metadata: Table
  /// Number of the dictionary → checksum and bytes. At most one.
  let dictionaries: Table

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
    dictionaries = tables[9]
  }

  var all: [Table] {
    [
      episodes, episodeState, recency, expiry, patterns, heuristics, embeddings, embeddingOwners,
      metadata, dictionaries,
    ]
  }
}
