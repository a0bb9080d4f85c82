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
  /// - Complexity: a search of the index for each episode.
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
        snapshot: snapshot, allowed: members.map { RecordFilter($0.sorted().map(UInt64.init)) },
        distanceMax: Float(1 - threshold) + 1e-6)
      var pairs: [OwnerPair: Double] = [:]
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
        let found = try neighbors(of: wholes, by: search)
        pairs.merge(try await withinNamespaces(found)) { max($0, $1) }
        try Task.checkCancellation()
      }
      let sorted = pairs.map {
        NearDuplicates.Pair(first: $0.first, second: $0.second, similarity: $1)
      }.sorted { ($1.similarity, $0.first, $0.second) < ($0.similarity, $1.first, $1.second) }
      return NearDuplicates(
        pairs: Array(sorted.prefix(max(0, limit))), compared: comparedCount,
        isCutOff: sorted.count > limit)
    }
  }

  private static let comparedAtOnce = 500

  private func neighbors(
    of embeddings: [StoredEmbedding], by search: NeighborSearch
  ) throws -> [OwnerPair: Double] {
    var found: [OwnerPair: Double] = [:]
    for stored in embeddings {
      let hits = try scratches.withScratch { scratch in
        try search.neighbors(
          of: stored.embedding.vector, scratch: scratch,
          parameters: configuration.searchParameters)
      }
      let owner = stored.embedding.owner.id
      let others = try records.embeddingOwners(ids: hits.map(\.recordID))
      for (hit, other) in zip(hits, others) {
        guard let other, other.kind == .episode, other.part == 0, other.id != owner else {
          continue
        }
        let isFirst = stored.id < Int64(hit.recordID)
        let pair = OwnerPair(
          first: isFirst ? owner : other.id, second: isFirst ? other.id : owner)
        found[pair] = max(found[pair] ?? 0, min(1, 1 - Double(hit.distance)))
      }
    }
    return found
  }

  /// The pairs that are of one namespace, and still stored.
  private func withinNamespaces(
    _ pairs: [OwnerPair: Double]
  ) async throws -> [OwnerPair: Double] {
    if pairs.isEmpty { return [:] }
    let namespaces = try await store.namespaces(
      ofEpisodes: pairs.keys.flatMap { [$0.first, $0.second] }.uniqued())
    return pairs.filter { pair, _ in
      namespaces[pair.first] != nil && namespaces[pair.first] == namespaces[pair.second]
    }
  }
}

private struct OwnerPair: Hashable {
  var first: String
  var second: String
}

/// Finds all that is near, however much it is.
private struct NeighborSearch {
  let snapshot: IndexSnapshot
  let allowed: RecordFilter?
  let distanceMax: Float

  private static let countAtFirst = 16
  private static let countMax = 1024

  func neighbors(
    of vector: [Float], scratch: SearchScratch, parameters: (Int) -> SearchParameters
  ) throws -> [SearchHit] {
    var count = Self.countAtFirst
    while true {
      let hits = try snapshot.search(
        vector, parameters: parameters(count), filter: allowed, scratch: scratch)
      let near = hits.filter { $0.distance <= distanceMax }
      if near.count < count || count >= Self.countMax { return near }
      count *= 4
    }
  }
}
