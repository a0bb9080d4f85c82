internal import Cache
internal import Episodes
internal import Platform
internal import Sync
internal import Synchronization
internal import Vamana

extension Memory {
  /// The episodes nearest to a vector, each once, by its nearest record.
  ///
  /// - Parameters:
  ///   - exact: how many must be the nearest there are, as far as the memory's target of recall goes; those
  ///     beyond are candidates.
  func nearestOwners(
    to vector: [Float], model: String, allowed: RecordFilter?, limit: Int, exact: Int
  ) async throws -> [NearestOwner] {
    let snapshot = try await currentSnapshot(model: model, dimension: vector.count)
    // Deleted records stay in a segment until it is built again: ask for a few more, and for many
    // more if too few of those are alive.
    var k = min(limit, snapshot.recordCount) + 8
    while true {
      let found = try scratches.withScratch { scratch in
        try snapshot.search(
          vector, parameters: parameters(k: k, exact: exact, of: snapshot), filter: allowed,
          scratch: scratch)
      }
      let nearest = try owners(of: found, at: snapshot.cache, limit: limit)
      if nearest.count < limit, found.count == k {
        k *= 4
        continue
      }
      return nearest
    }
  }

  /// How to ask for `k` records of which only the first `exact` must be the nearest, as far as the target of
  /// recall goes.
  private func parameters(k: Int, exact: Int, of snapshot: IndexSnapshot) -> SearchParameters {
    if exact + 8 >= k || configuration.searchListSize != nil {
      return configuration.searchParameters(k: k)
    }
    let listSize = snapshot.segments.reduce(k) { listSize, segment in
      max(listSize, segment.recallCurve.listSize(for: configuration.targetRecall, k: exact))
    }
    return SearchParameters(k: k, listSize: listSize)
  }

  /// The episodes that found records stand for, each once.
  ///
  /// - Parameter state: of the cache when the records were found.
  private func owners(
    of found: [SearchHit], at state: CacheState, limit: Int
  ) throws -> [NearestOwner] {
    var owners = [NearestOwner?](repeating: nil, count: found.count)
    func owner(_ id: String, _ hit: SearchHit, at place: RetrievalIndex.Place?) -> NearestOwner {
      NearestOwner(id: id, similarity: 1 - Double(hit.distance), place: place)
    }
    if isRetrievalIndexCurrent(at: state) {
      retrieval.read { index in
        for (rank, hit) in found.enumerated() {
          owners[rank] = index.place(ofEmbedding: hit.recordID)
            .map { owner(index.directory.id(of: $0.number), hit, at: $0) }
        }
      }
    }
    // Those that the directory does not know are gone, as a rule.
    let unknown = owners.indices.filter { owners[$0] == nil }
    if !unknown.isEmpty {
      let looked = try records.embeddingOwners(ids: unknown.map { found[$0].recordID })
      for (rank, known) in zip(unknown, looked) {
        guard let known, known.kind != .pattern else { continue }
        owners[rank] = owner(known.id, found[rank], at: nil)
      }
    }
    var nearest: [NearestOwner] = []
    var numbers = Set<Int>()
    var ids = Set<String>()
    for case let owner? in owners where nearest.count < limit {
      // Numbers are compared faster, where all have one.
      let isNew =
        unknown.isEmpty
        ? owner.place.map { numbers.insert($0.number).inserted } ?? false
        : ids.insert(owner.id).inserted
      if isNew { nearest.append(owner) }
    }
    return nearest
  }

  /// The state of the index, looked at anew if the cache has moved on: also by another process.
  func currentSnapshot(model: String, dimension: Int) async throws -> IndexSnapshot {
    let cache = try coordinator.cacheState()
    let listed = IndexSnapshot.listed(try segments.segments(), model: model)
    let known = snapshot.withLock { $0 }
    if let known, known.cache == cache, known.listed == listed { return known }
    let fresh: IndexSnapshot
    if let known, known.cache.filling == cache.filling, known.listed == listed {
      fresh = try freshSnapshot(model: model, dimension: dimension, previous: known)
    } else {
      // Every byte of new segments is looked at, which may have to come from the disk.
      fresh = try await checkLane.run {
        try self.freshSnapshot(model: model, dimension: dimension, previous: nil)
      }
    }
    if fresh.tail.count > configuration.sealing.tailCountMax { sealSoon() }
    snapshot.withLock { current in
      // Another search may have made a later one meanwhile.
      guard let made = current, made.cache.filling == fresh.cache.filling,
        made.cache.watermark > fresh.cache.watermark
      else {
        current = fresh
        return
      }
    }
    return fresh
  }

  private func freshSnapshot(
    model: String, dimension: Int, previous: IndexSnapshot?
  ) throws -> IndexSnapshot {
    var attempts = 0
    while true {
      do {
        return try IndexSnapshot.make(
          records: records, segments: segments, model: model, dimension: dimension,
          previous: previous)
      } catch let error as CacheError
        where error.reason == .segmentMissing && attempts < Self.listingsMax
      {
        // Another process replaced the segment after it was listed.
        attempts += 1
      }
    }
  }

  private static let listingsMax = 10
}
