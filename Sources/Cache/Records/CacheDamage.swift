/// Records whose stored values turned out not to be what was written. Each counts as missing until it is put
/// again.
public struct CacheDamage: Hashable, Sendable {
  /// The most records named of a kind; of more, ``isWidespread`` says so.
  public static let idsMax = 1000

  /// Episodes whose values were not what was written.
  public internal(set) var episodeIDs: Set<String> = []
  /// Patterns, likewise.
  public internal(set) var patternIDs: Set<String> = []
  /// Heuristics, likewise.
  public internal(set) var heuristicIDs: Set<String> = []
  /// Numbers of embeddings, likewise.
  public internal(set) var embeddingIDs: Set<UInt64> = []
  /// Whether more is damaged than is named here, or a key is, so that everything must be put again.
  public internal(set) var isWidespread = false

  /// No damage.
  public init() {}

  /// Whether no record is known to be damaged.
  public var isEmpty: Bool {
    !isWidespread && episodeIDs.isEmpty && patternIDs.isEmpty && heuristicIDs.isEmpty
      && embeddingIDs.isEmpty
  }

  mutating func note<ID>(_ id: ID, in ids: WritableKeyPath<CacheDamage, Set<ID>>) {
    if self[keyPath: ids].count < Self.idsMax {
      self[keyPath: ids].insert(id)
    } else {
      isWidespread = true
    }
  }
}
