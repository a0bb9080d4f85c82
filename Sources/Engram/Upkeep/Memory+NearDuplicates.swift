internal import Cache
internal import DurableStore
internal import Embedders
public import Episodes
internal import Vamana

extension Memory {
  /// Pairs of episodes of one namespace whose embeddings are nearly the same. Nothing is done to them.
  ///
  /// - Parameters:
  ///   - threshold: the least similarity, above 0 and at most 1.
  ///   - filter: both of a pair must meet it.
  ///   - limit: the most pairs, the most similar ones.
  /// - Throws: ``EngramError``: `invalidInput`, `storeAway`, `modelMissing`.
  /// - Complexity: reads all embeddings from the store, and a search of the index for each, of at most 1,024
  ///   neighbours; some times `limit` pairs are in memory.
  public func nearDuplicates(
    threshold: Double = 0.95, filter: EpisodeFilter = EpisodeFilter(), limit: Int = 1000
  ) async throws(EngramError) -> NearDuplicates {
    try await engramErrors {
      guard threshold > 0, threshold <= 1 else {
        throw ValidationError(
          field: "threshold", problem: "is \(threshold)", expected: "above 0 and at most 1")
      }
      let embedder = try currentEmbedder()
      await catchUp()
      let snapshot = try await currentSnapshot(
        model: embedder.model, dimension: embedder.dimension)
      let members =
        filter.isEmpty
        ? nil : Set(try await store.embeddingOwners(matching: filter, model: embedder.model).ids)
      let search = NeighborSearch(
        snapshot: snapshot,
        allowed: members.map { RecordFilter($0.sorted().compactMap(UInt64.init(exactly:))) },
        distanceMax: Float(1 - threshold) + 1e-6)
      var pairs: [OwnerPair: Double] = [:]
      var isCutOff = false
      var comparedCount = 0
      var last: Int64 = 0
      while true {
        let page = try await store.embeddings(
          after: last, limit: Self.comparedAtOnce, model: embedder.model, includingPatterns: false)
        guard let end = page.last else { break }
        last = end.id
        // What a whole episode is about; parts of it are no episodes.
        let wholes = page.filter { stored in
          stored.embedding.owner.kind == .episode && stored.embedding.owner.part == 0
            && members?.contains(stored.id) ?? true
            && stored.embedding.dimension == embedder.dimension
        }
        comparedCount += wholes.count
        let found = try neighbors(of: wholes, by: search, &isCutOff)
        pairs.merge(try await ordered(found)) { max($0, $1) }
        if pairs.count / 4 > max(limit, Self.pairsKeptMin) {
          // The best are kept; however alike everything is, that is all that is in memory.
          isCutOff = true
          pairs = Dictionary(
            Self.best(of: pairs, limit: limit).map { (OwnerPair($0), $0.similarity) },
            uniquingKeysWith: { first, _ in first })
        }
        try Task.checkCancellation()
      }
      return NearDuplicates(
        pairs: Self.best(of: pairs, limit: limit), compared: comparedCount,
        isCutOff: isCutOff || pairs.count > limit)
    }
  }

  private static let comparedAtOnce = 500
  private static let pairsKeptMin = 25_000

  private static func best(of pairs: [OwnerPair: Double], limit: Int) -> [NearDuplicates.Pair] {
    let sorted = pairs.map {
      NearDuplicates.Pair(first: $0.first, second: $0.second, similarity: $1)
    }.sorted { ($1.similarity, $0.first, $0.second) < ($0.similarity, $1.first, $1.second) }
    return Array(sorted.prefix(max(0, limit)))
  }

  private func neighbors(
    of embeddings: [StoredEmbedding], by search: NeighborSearch, _ isCutOff: inout Bool
  ) throws -> [OwnerPair: Double] {
    var found: [OwnerPair: Double] = [:]
    for stored in embeddings {
      let (hits, isComplete) = try scratches.withScratch { scratch in
        try search.neighbors(
          of: stored.embedding.vector, scratch: scratch,
          parameters: configuration.searchParameters)
      }
      if !isComplete { isCutOff = true }
      let owner = stored.embedding.owner.id
      let others = try records.embeddingOwners(ids: hits.map(\.recordID))
      for (hit, other) in zip(hits, others) {
        guard let other, other.kind == .episode, other.part == 0, other.id != owner else {
          continue
        }
        let pair = OwnerPair(first: min(owner, other.id), second: max(owner, other.id))
        found[pair] = max(found[pair] ?? 0, min(1, 1 - Double(hit.distance)))
      }
    }
    return found
  }

  /// The pairs that are of one namespace, and still stored, the episode that was stored first as their first.
  private func ordered(_ pairs: [OwnerPair: Double]) async throws -> [OwnerPair: Double] {
    if pairs.isEmpty { return [:] }
    let places = try await store.places(
      ofEpisodes: pairs.keys.flatMap { [$0.first, $0.second] }.uniqued())
    var ordered: [OwnerPair: Double] = [:]
    for (pair, similarity) in pairs {
      guard let first = places[pair.first], let second = places[pair.second],
        first.namespace == second.namespace
      else { continue }
      let isInOrder = first.rowID < second.rowID
      ordered[
        OwnerPair(
          first: isInOrder ? pair.first : pair.second,
          second: isInOrder ? pair.second : pair.first)] = similarity
    }
    return ordered
  }
}

private struct OwnerPair: Hashable {
  var first: String
  var second: String

  init(first: String, second: String) {
    self.first = first
    self.second = second
  }

  init(_ pair: NearDuplicates.Pair) { self.init(first: pair.first, second: pair.second) }
}

/// Finds all that is near, up to a bound.
private struct NeighborSearch {
  let snapshot: IndexSnapshot
  let allowed: RecordFilter?
  let distanceMax: Float

  private static let countAtFirst = 16
  private static let countMax = 1024

  func neighbors(
    of vector: [Float], scratch: SearchScratch, parameters: (Int) -> SearchParameters
  ) throws -> (hits: [SearchHit], isComplete: Bool) {
    var count = Self.countAtFirst
    while true {
      let hits = try snapshot.search(
        vector, parameters: parameters(count), filter: allowed, scratch: scratch)
      let near = hits.filter { $0.distance <= distanceMax }
      if near.count < count { return (near, true) }
      if count >= Self.countMax { return (near, false) }
      count *= 4
    }
  }
}
