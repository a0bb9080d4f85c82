internal import Cache
internal import DurableStore
internal import Episodes
internal import Logging
internal import Vamana
internal import VectorMath

extension Memory {
  /// Patterns and how similar each is to a vector, nearest first.
  ///
  /// All of them are compared: there are few. Their vectors are read from the cache, and from the store where
  /// the cache lacks some.
  ///
  /// - Parameters:
  ///   - allowed: ids of embeddings of patterns.
  ///   - count: the most to return.
  func nearestPatterns(
    to vector: [Float], model: String, among allowed: [Int64], count: Int
  ) async throws -> [(pattern: Pattern, similarity: Double)] {
    if count < 1 || allowed.isEmpty { return [] }
    await catchUp()
    var nearest: [SearchHit] = []
    var owners: [UInt64: String] = [:]
    for ids in allowed.batches(of: Self.vectorsAtOnce) {
      var flat = try FlatIndex(dimension: vector.count, metric: .cosine, keepsCodes: false)
      let missing = cachedVectors(of: ids, model: model, into: &flat, &owners)
      for stored in try await missing.isEmpty ? [] : store.embeddings(ids: missing)
      where stored.embedding.dimension == vector.count {
        owners[UInt64(stored.id)] = stored.embedding.owner.id
        try stored.embedding.vector.withUnsafeBufferPointer {
          try flat.appendUsable($0, recordID: UInt64(stored.id))
        }
      }
      nearest += try vector.withUnsafeBufferPointer { try flat.search($0, k: count) }
      nearest = Array(nearest.sorted(by: SearchHit.isNearer).prefix(count))
    }
    let ids = nearest.map { owners[$0.recordID] }
    let patterns = Dictionary(
      try await store.patterns(ids: ids.compactMap { $0 }).map { ($0.id, $0) },
      uniquingKeysWith: { first, _ in first })
    return zip(nearest, ids).compactMap { hit, id in
      id.flatMap { patterns[$0] }.map { ($0, 1 - Double(hit.distance)) }
    }
  }

  /// Adds the vectors that the cache has.
  ///
  /// - Returns: the ids of the others.
  private func cachedVectors(
    of ids: [Int64], model: String, into flat: inout FlatIndex, _ owners: inout [UInt64: String]
  ) -> [Int64] {
    var missing: [Int64] = []
    for id in ids {
      do {
        let cached = try records.withEmbedding(id: UInt64(id)) { view in
          view.ownerKind == .pattern && view.isOf(model: model)
            ? (owner: view.owner.id, vector: view.vector) : nil
        }
        guard let (owner, vector) = cached ?? nil, vector.count == flat.dimension else {
          missing.append(id)
          continue
        }
        try vector.withUnsafeBufferPointer { try flat.appendUsable($0, recordID: UInt64(id)) }
        owners[UInt64(id)] = owner
      } catch {
        logger.debug("the vector \(id) of a pattern is read from the store: \(error)")
        missing.append(id)
      }
    }
    return missing
  }

  private static let vectorsAtOnce = 2000
}
