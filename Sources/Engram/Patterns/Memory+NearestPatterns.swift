internal import DurableStore
internal import Episodes
internal import Logging
internal import Vamana
internal import VectorMath

extension Memory {
  /// Patterns and how similar each is to a vector, nearest first.
  ///
  /// The index is asked; where it lacks some of the patterns, as while the cache is being filled, their
  /// vectors are read from the store.
  ///
  /// - Parameters:
  ///   - allowed: ids of embeddings of patterns.
  ///   - count: the most to return.
  func nearestPatterns(
    to vector: [Float], model: String, among allowed: [Int64], count: Int
  ) async throws -> [(pattern: Pattern, similarity: Double)] {
    let wanted = min(count, allowed.count)
    if wanted == 0 { return [] }
    var hits = try await indexedPatterns(to: vector, model: model, among: allowed, count: wanted)
    if hits.count < wanted {
      hits = try await storedPatterns(to: vector, among: allowed, count: wanted)
    }
    let owners = try await store.embeddingOwners(ids: hits.map { Int64($0.recordID) })
    let ids = hits.map { owners[Int64($0.recordID)]?.id }
    let patterns = Dictionary(
      try await store.patterns(ids: ids.compactMap { $0 }).map { ($0.id, $0) },
      uniquingKeysWith: { first, _ in first })
    return zip(hits, ids).compactMap { hit, id in
      id.flatMap { patterns[$0] }.map { ($0, 1 - Double(hit.distance)) }
    }
  }

  /// What the index in the cache finds; too few if it is not up to date or cannot be used.
  private func indexedPatterns(
    to vector: [Float], model: String, among allowed: [Int64], count: Int
  ) async throws -> [SearchHit] {
    await catchUp()
    do {
      let snapshot = try await currentSnapshot(model: model, dimension: vector.count)
      return try scratches.withScratch { scratch in
        try snapshot.search(
          vector, parameters: configuration.searchParameters(k: count),
          filter: RecordFilter(allowed.map(UInt64.init)), scratch: scratch)
      }
    } catch {
      logger.debug("patterns are searched in the store: \(error)")
      return []
    }
  }

  private func storedPatterns(
    to vector: [Float], among allowed: [Int64], count: Int
  ) async throws -> [SearchHit] {
    var nearest: [SearchHit] = []
    for start in stride(from: 0, to: allowed.count, by: Self.vectorsAtOnce) {
      let page = try await store.embeddings(
        ids: Array(allowed[start..<min(allowed.count, start + Self.vectorsAtOnce)]))
      var flat = try FlatIndex(dimension: vector.count, metric: .cosine, keepsCodes: false)
      for stored in page where stored.embedding.dimension == vector.count {
        try stored.embedding.vector.withUnsafeBufferPointer {
          try flat.append($0, recordID: UInt64(stored.id))
        }
      }
      nearest += try vector.withUnsafeBufferPointer { try flat.search($0, k: count) }
      nearest = Array(nearest.sorted(by: SearchHit.isNearer).prefix(count))
    }
    return nearest
  }

  private static let vectorsAtOnce = 2000
}
