/// An embedder that asks a cache first, and embeds each different text of a call once.
///
///     let embedder = CachingEmbedder(MiniLMEmbedder(model: .locate()), cache: store)
///
/// As safe between threads as its parts. Two calls at once may both embed a text that is not in the
/// cache yet; both store the same vector.
public struct CachingEmbedder<Base: Embedder, Cache: EmbeddingCache>: Embedder {
  public let base: Base
  public let cache: Cache

  public var model: String { base.model }
  public var dimension: Int { base.dimension }

  public init(_ base: Base, cache: Cache) {
    self.base = base
    self.cache = cache
  }

  /// The vectors of `texts`, in their order.
  ///
  /// - Throws: what the base or the cache throws; ``VectorCountError``. A cached vector of another dimension than the
  ///   model's counts as not there, and is replaced.
  public func embed(_ texts: [String]) async throws -> [[Float]] {
    guard !texts.isEmpty else { return [] }
    let hashes = texts.map { TextHash.contentHash(of: $0) }
    var isListed: Set<String> = []
    let unique = texts.indices.filter { isListed.insert(hashes[$0]).inserted }
    var known = try await cache.vectors(model: model, contentHashes: unique.map { hashes[$0] })
      .filter { $0.value.count == dimension }

    let missing = unique.filter { known[hashes[$0]] == nil }
    if !missing.isEmpty {
      let vectors = try await base.embed(missing.map { texts[$0] })
      guard vectors.count == missing.count else {
        throw VectorCountError(model: model, expected: missing.count, actual: vectors.count)
      }
      let fresh = Dictionary(uniqueKeysWithValues: zip(missing.map { hashes[$0] }, vectors))
      try await cache.store(fresh, model: model)
      known.merge(fresh) { $1 }
    }
    return hashes.compactMap { known[$0] }
  }
}
