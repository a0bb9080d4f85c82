internal import DurableStore
internal import Episodes
internal import Vamana
internal import VectorMath

extension Memory {
  private static let storePageSize = 2000

  /// The best episodes for a question by a scan of the durable store: for the time while the cache, which
  /// has the index of vectors, is being filled. Right, and slow.
  ///
  /// - Complexity: reads every embedding of the model; memory is bounded by a page and the hits.
  func searchStore(_ question: HybridQuestion) async throws -> [EpisodeHit] {
    let store = try store
    // The cache stands still meanwhile, and what is known of its state says nothing of the store's.
    let allowed = try await allowedEpisodes(
      matching: question.filter, model: question.model, isCacheCurrent: false)
    var nearest: [NearestOwner] = []
    if let vector = question.vector, let model = question.model {
      nearest = try await nearestInStore(
        to: vector, model: model, allowed: allowed?.records,
        limit: question.nearestMax)
    }
    let found = try await rankStored(nearest, for: question, allowed: allowed)
    let episodes = Dictionary(
      try await store.episodes(ids: found.map(\.id)).map { ($0.id, $0) },
      uniquingKeysWith: { first, _ in first })
    return found.compactMap { ranked in
      episodes[ranked.id].map { EpisodeHit(ranked, episode: $0) }
    }
  }

  private func nearestInStore(
    to vector: [Float], model: String, allowed: RecordFilter?, limit: Int
  ) async throws -> [NearestOwner] {
    let store = try store
    var nearest = NearestOwners(limit: limit)
    var last: Int64 = 0
    while true {
      let page = try await store.embeddings(after: last, limit: Self.storePageSize, model: model)
      guard let end = page.last else { break }
      last = end.id
      var flat = try FlatIndex(dimension: vector.count, metric: .cosine, keepsCodes: false)
      var owners: [UInt64: String] = [:]
      for stored in page
      where stored.embedding.owner.kind != .pattern && stored.embedding.dimension == vector.count {
        guard let id = UInt64(exactly: stored.id), allowed?.records.contains(id) ?? true else {
          continue
        }
        owners[id] = stored.embedding.owner.id
        try stored.embedding.vector.withUnsafeBufferPointer { try flat.append($0, recordID: id) }
      }
      let hits = try vector.withUnsafeBufferPointer { try flat.search($0, k: flat.count) }
      for hit in hits {
        if let owner = owners[hit.recordID] { nearest.add(owner, hit) }
      }
    }
    return nearest.sorted()
  }
}
