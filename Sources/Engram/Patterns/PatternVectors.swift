internal import DurableStore
internal import Episodes
internal import Vamana
internal import VectorMath

/// The patterns of one namespace and their vectors.
struct PatternVectors: Sendable {
  /// By the numbers of the embeddings.
  private(set) var vectors: FlatIndex
  private(set) var entries: [UInt64: PatternEntry] = [:]
  /// By the ids of the patterns.
  private(set) var embeddingIDs: [String: UInt64] = [:]
  /// The ids of patterns that have no embedding of the model yet.
  private(set) var unembedded: Set<String> = []

  init(dimension: Int) throws {
    vectors = try FlatIndex(dimension: dimension, metric: .cosine)
  }

  mutating func add(_ entry: PatternEntry, vector: [Float]?) {
    guard let number = entry.embeddingID, let vector, vector.count == vectors.dimension else {
      unembedded.insert(entry.id)
      return
    }
    do {
      try vector.withUnsafeBufferPointer { try vectors.append($0, recordID: number) }
    } catch {
      // A damaged vector is found by nothing, and must not keep the others from being found.
      return
    }
    entries[number] = entry
    embeddingIDs[entry.id] = number
  }

  /// Replaces what is known of a pattern whose vector is the same.
  mutating func update(_ entry: PatternEntry) {
    if let number = embeddingIDs[entry.id] { entries[number] = entry }
  }

  mutating func remove(_ id: String) {
    unembedded.remove(id)
    guard let number = embeddingIDs.removeValue(forKey: id) else { return }
    entries[number] = nil
    vectors.remove([number])
  }

  mutating func giveUp(_ id: String) { unembedded.remove(id) }

  /// The patterns nearest to a vector, nearest first.
  ///
  /// - Parameters:
  ///   - kind: of this kind only.
  ///   - excludedDomain: of any domain but this.
  ///   - count: the most to return.
  /// - Complexity: linear in the patterns, on codes.
  func nearest(
    to vector: [Float], kind: PatternKind.Name?, excludedDomain: String?, count: Int
  ) throws -> [(id: String, similarity: Double)] {
    if count < 1 || entries.isEmpty { return [] }
    var filter: RecordFilter?
    if kind != nil || excludedDomain != nil {
      filter = RecordFilter(
        entries.values.lazy.filter { meets($0, kind: kind, excludedDomain: excludedDomain) }
          .compactMap(\.embeddingID))
    }
    let hits = try vector.withUnsafeBufferPointer {
      try vectors.search($0, k: count, filter: filter)
    }
    return hits.compactMap { hit in
      entries[hit.recordID].map { ($0.id, 1 - Double(hit.distance)) }
    }
  }

  /// How similar a pattern is to a vector of unit length; nil for one that is not here, or not to be found.
  func similarity(
    of id: String, to vector: [Float], kind: PatternKind.Name?, excludedDomain: String?
  ) -> Double? {
    guard let number = embeddingIDs[id], let entry = entries[number],
      meets(entry, kind: kind, excludedDomain: excludedDomain),
      let own = vectors.vector(of: number), own.count == vector.count
    else { return nil }
    return zip(own, vector).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
  }

  private func meets(
    _ entry: PatternEntry, kind: PatternKind.Name?, excludedDomain: String?
  ) -> Bool {
    (kind.map { $0 == entry.kind } ?? true) && (excludedDomain.map { $0 != entry.domain } ?? true)
  }
}
