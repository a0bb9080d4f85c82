/// Records whose stored values turned out not to be what was written. Each counts as missing until it is put
/// again.
public struct CacheDamage: Hashable, Sendable {
  /// The most records named of a kind; of more, ``isWidespread`` says so.
  public static let idsMax = 1000

  public internal(set) var episodeIDs: Set<String> = []
  public internal(set) var patternIDs: Set<String> = []
  public internal(set) var heuristicIDs: Set<String> = []
  public internal(set) var embeddingIDs: Set<UInt64> = []
  /// Whether more is damaged than is named here, or a key is, so that everything must be put again.
  public internal(set) var isWidespread = false

  public init() {}

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
