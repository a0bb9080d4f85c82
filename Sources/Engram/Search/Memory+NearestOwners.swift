internal import Cache
internal import Episodes
internal import Platform
internal import Sync
internal import Synchronization
internal import Vamana

extension Memory {
  /// The records nearest to the vector of a question, as many as its candidates need as a rule.
  ///
  /// - Parameter previous: those that were too few, if any: four times as many are asked for.
  func nearestRecords(
    of question: HybridQuestion, in snapshot: IndexSnapshot, allowed: RecordFilter?,
    insteadOf previous: NearestRecords? = nil
  ) throws -> NearestRecords {
    guard let vector = question.vector else { return NearestRecords(hits: [], wanted: 0) }
    // Deleted records stay in a segment until it is built again: ask for a few more, and for many
    // more if too few of those are alive.
    let k = previous.map { 4 * $0.wanted } ?? min(question.nearestMax, snapshot.recordCount) + 8
    let hits = try scratches.withScratch { scratch in
      try snapshot.search(
        vector, parameters: parameters(k: k, exact: question.limit, of: snapshot), filter: allowed,
        scratch: scratch)
    }
    return NearestRecords(hits: hits, wanted: k)
  }

  /// The episodes that records stand for, each once, by its nearest record.
  ///
  /// - Parameter directory: knows whose the embeddings are, held still; nil where none does.
  /// - Returns: nil where they are fewer than `limit` since too many of the records are gone, or of one episode.
  func owners(
    of nearest: NearestRecords, in directory: EpisodeDirectory?, limit: Int
  ) throws -> [NearestOwner]? {
    let found = try owners(of: nearest.hits, in: directory, limit: limit)
    return found.count < limit && nearest.hits.count == nearest.wanted ? nil : found
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
  private func owners(
    of found: [SearchHit], in directory: EpisodeDirectory?, limit: Int
  ) throws -> [NearestOwner] {
    var owners: [NearestOwner.Reference?] = found.map { hit in
      directory?.number(ofEmbedding: hit.recordID).map { .number($0) }
    }
    // Those that the directory does not know are gone, as a rule.
    let unknown = owners.indices.filter { owners[$0] == nil }
    if !unknown.isEmpty {
      let looked = try records.embeddingOwners(ids: unknown.map { found[$0].recordID })
      for (rank, owner) in zip(unknown, looked) {
        guard let owner, owner.kind != .pattern else { continue }
        owners[rank] = directory?.number(of: owner.id).map { .number($0) } ?? .id(owner.id)
      }
    }
    var nearest: [NearestOwner] = []
    nearest.reserveCapacity(min(limit, found.count))
    var seen = Set<NearestOwner.Reference>(minimumCapacity: found.count)
    for (owner, hit) in zip(owners, found) where nearest.count < limit {
      guard let owner, seen.insert(owner).inserted else { continue }
      nearest.append(NearestOwner(episode: owner, similarity: 1 - Double(hit.distance)))
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
