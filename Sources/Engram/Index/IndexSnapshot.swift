internal import Cache
internal import Episodes
internal import Sync
internal import Vamana
internal import VectorMath

/// One state of the index: the segments in the map, and the embeddings that no segment covers yet.
struct IndexSnapshot: Sendable {
  let segments: [Segment]
  /// The segments as the cache lists them.
  let listed: [CachedSegment]
  /// Scanned exactly, so that an episode is found right after it was written.
  let tail: FlatIndex
  /// The highest embedding id in the segments or the tail.
  let lastEmbeddingID: UInt64
  /// Where the cache stood.
  let cache: CacheState

  var segmentIDs: [Int64] { listed.map(\.id) }

  /// The segments of a model.
  static func listed(_ segments: [CachedSegment], model: String) -> [CachedSegment] {
    segments.filter { $0.description.model == model }
  }

  /// Builds the state of the caches now, reusing what `previous` has of it.
  ///
  /// - Throws: ``EngramError`` with code `indexDamaged` if a segment is corrupt or of another model or
  ///   dimension.
  static func make(
    records: RecordCache, segments segmentCache: SegmentCache, model: String, dimension: Int,
    previous: IndexSnapshot?
  ) throws -> IndexSnapshot {
    // Read first: what is written meanwhile makes the snapshot newer than it says, which only
    // makes the next search look again.
    let cache = try CacheState(of: records)
    let listed = listed(try segmentCache.segments(), model: model)
    var segments: [Segment] = []
    var tail: FlatIndex
    var last: UInt64
    // Of another filling the same numbers may stand for other records.
    if let previous, previous.listed == listed, previous.cache.filling == cache.filling {
      segments = previous.segments
      tail = previous.tail
      last = previous.lastEmbeddingID
    } else {
      for segment in listed {
        segments.append(try open(segment.id, in: segmentCache, dimension: dimension))
      }
      tail = try FlatIndex(dimension: dimension, metric: .cosine)
      last = listed.map(\.description.embeddingIDMax).max() ?? 0
    }
    try records.withEmbeddings(after: last) { view in
      last = view.id
      // Patterns are searched by themselves.
      guard view.ownerKind != .pattern, view.isOf(model: model), view.dimension == dimension else {
        return true
      }
      try view.withVector { try tail.append($0, recordID: view.id) }
      return true
    }
    return IndexSnapshot(
      segments: segments, listed: listed, tail: tail, lastEmbeddingID: last, cache: cache)
  }

  private static func open(
    _ id: Int64, in cache: SegmentCache, dimension: Int
  ) throws -> Segment {
    let mapped = try cache.segment(id: id)
    let segment: Segment
    do {
      segment = try cache.verifying(mapped) { isVerified in
        try Segment(bytes: mapped.bytes, owner: mapped, verifyingChecksums: !isVerified)
      }
    } catch {
      throw EngramError(
        code: .indexDamaged,
        message: "index segment \(id) in \(cache.path): \(error); delete the cache and run "
          + "'engram sync', or build the index again with 'engram index build'",
        underlying: error)
    }
    guard segment.dimension == dimension else {
      throw EngramError(
        code: .indexDamaged,
        message: "index segment \(id) holds vectors of \(segment.dimension) dimensions where the "
          + "model makes \(dimension); build the index again with 'engram index build'")
    }
    return segment
  }

  /// The nearest `parameters.k` records of all parts, nearest first.
  func search(
    _ query: [Float], parameters: SearchParameters, filter: RecordFilter?, scratch: SearchScratch
  ) throws(VamanaError) -> [SearchHit] {
    var hits: [SearchHit] = []
    let outcome = query.withUnsafeBufferPointer { query in
      Result { () throws(VamanaError) in
        for segment in segments {
          try segment.search(query, parameters: parameters, filter: filter, scratch: scratch)
          hits += scratch.hits
        }
        hits += try tail.search(query, k: parameters.k, filter: filter)
      }
    }
    try outcome.get()
    hits.sort(by: SearchHit.isNearer)
    return Array(hits.prefix(parameters.k))
  }

  /// The similarity of records to a vector; nil for those that no segment holds.
  func similarities(
    of recordIDs: [UInt64], to vector: UnsafeBufferPointer<Float>, scratch: SearchScratch
  ) throws(VamanaError) -> [Float?] {
    var similarities = [Float?](repeating: nil, count: recordIDs.count)
    for segment in segments {
      let distances = try segment.distances(of: recordIDs, from: vector, scratch: scratch)
      for (place, distance) in distances.enumerated() {
        if let distance { similarities[place] = 1 - distance }
      }
    }
    return similarities
  }

  /// How many records the parts hold, deleted ones included.
  var recordCount: Int { segments.reduce(tail.count) { $0 + $1.count } }
}
