internal import DurableStore
internal import Episodes
internal import Vamana
internal import VectorMath

extension Memory {
  private static let storePageSize = 2000

  /// The episodes nearest to a vector by a scan of the durable store: for the time while the cache, which
  /// has the index, is being filled. Right, and slow.
  ///
  /// - Complexity: reads every embedding of the model; memory is bounded by a page and the hits.
  func searchStore(
    for vector: [Float], model: String, limit: Int, filter: EpisodeFilter
  ) async throws -> [EpisodeHit] {
    let store = try store
    let allowed =
      filter.isEmpty
      ? nil : Set(try await store.embeddingIDs(matching: filter, model: model).map(UInt64.init))
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
        let id = UInt64(stored.id)
        guard allowed?.contains(id) ?? true else { continue }
        owners[id] = stored.embedding.owner.id
        try stored.embedding.vector.withUnsafeBufferPointer { try flat.append($0, recordID: id) }
      }
      let hits = try vector.withUnsafeBufferPointer { try flat.search($0, k: flat.count) }
      for hit in hits {
        if let owner = owners[hit.recordID] { nearest.add(owner, hit) }
      }
    }
    let found = nearest.sorted()
    let episodes = Dictionary(
      try await store.episodes(ids: found.map(\.id)).map { ($0.id, $0) },
      uniquingKeysWith: { first, _ in first })
    return found.compactMap { near in
      episodes[near.id].map { EpisodeHit(similarity: 1 - Double(near.distance), episode: $0) }
    }
  }
}

/// The nearest few of many owners, each by its nearest record.
private struct NearestOwners {
  let limit: Int
  private var best: [String: SearchHit] = [:]

  init(limit: Int) { self.limit = limit }

  mutating func add(_ owner: String, _ hit: SearchHit) {
    if let known = best[owner], !SearchHit.isNearer(hit, known) { return }
    best[owner] = hit
    // What is dropped here is farther than `limit` others; a nearer record brings its owner back.
    if best.count > 4 * limit + 1000 { best = Dictionary(uniqueKeysWithValues: nearest()) }
  }

  func sorted() -> [(id: String, distance: Float)] {
    nearest().map { ($0.key, $0.value.distance) }
  }

  private func nearest() -> [(key: String, value: SearchHit)] {
    Array(best.sorted { SearchHit.isNearer($0.value, $1.value) }.prefix(limit))
  }
}
