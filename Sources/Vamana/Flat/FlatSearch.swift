internal import VectorMath

/// The search of one thread: a few queries, all rows.
final class FlatSearch {
  // SAFETY: `queries` holds `count` rows of the index's dimension and outlives the search; `candidates`
  // as many elements. Rows come from scans of the index's chunks, and are checked against their counts.
  private let index: FlatIndex
  private let queries: UnsafePointer<Float>
  private let count: Int
  private let k: Int
  private let filter: RecordFilter?
  private let kernels: DistanceKernels
  private let candidates: UnsafeMutablePointer<FlatCandidates>
  /// Rows to score now: of which query, and where.
  private var promising: [(query: Int, row: Int, bound: Float)] = []

  /// Queries that share a pass over the codes: as many as the second-level cache holds of them beside a
  /// group of rows.
  private static let queriesAPieceMax = 21 * FlatKernels.queriesAGroup
  /// Of fewer queries each scans by itself: half a byte a component is all it reads of most rows.
  private static let queriesAPassMin = 3
  /// With more neighbours than a row in so many, codes rule out too little.
  private static let rowsANeighborMin = 16
  /// Rows that are scored in one go where there are no codes: they stay in the cache for all queries.
  private static let rowsABlock = 128
  /// Groups that a lone query scans before its threshold is lowered.
  private static let groupsAStepMax = 8
  /// If the upper halves of codes rule out less than all rows but one in so many, whole codes are read.
  private static let keptRowsMin = 24
  private static let rowsAhead = 4

  /// How many queries go to a worker at a time.
  static func queriesAPiece(queryCount: Int, threadCount: Int) -> Int {
    let group = FlatKernels.queriesAGroup
    let share = (queryCount + threadCount - 1) / threadCount
    return min(queriesAPieceMax, (share + group - 1) / group * group)
  }

  init(
    _ index: FlatIndex, queries: UnsafePointer<Float>, count: Int, k: Int, filter: RecordFilter?,
    kernels: DistanceKernels = .best
  ) {
    self.index = index
    self.queries = queries
    self.count = count
    self.k = max(0, k)
    self.filter = filter
    self.kernels = kernels
    candidates = .allocate(capacity: count)
    for query in 0..<count { (candidates + query).initialize(to: FlatCandidates(k: self.k)) }
  }

  deinit {
    candidates.deinitialize(count: count)
    candidates.deallocate()
  }

  /// Offers all rows to all queries.
  func scan() {
    guard k > 0, index.count > 0 else { return }
    guard index.keepsCodes, k <= index.count / Self.rowsANeighborMin else { return scanVectors() }
    if count < Self.queriesAPassMin {
      for query in 0..<count { scanCodes(query..<query + 1) }
    } else {
      scanCodes(0..<count)
    }
  }

  /// Offers rows to all queries, each scored on its vector.
  func score(_ rows: [Int]) {
    for query in 0..<count {
      for (place, row) in rows.enumerated() {
        if place + Self.rowsAhead < rows.count { prefetch(rows[place + Self.rowsAhead]) }
        score(row, query: query)
      }
    }
  }

  /// The hits of each query, nearest first.
  func finish() -> [[SearchHit]] {
    (0..<count).map { query in
      scorePending(query)
      var hits: [SearchHit] = []
      candidates[query].nearest.sort(into: &hits)
      return hits
    }
  }

  private func scanVectors() {
    let distances = FloatBuffer(count: Self.rowsABlock)
    for chunk in index.chunks {
      for start in stride(from: 0, to: chunk.count, by: Self.rowsABlock) {
        let rows = min(Self.rowsABlock, chunk.count - start)
        for query in 0..<count {
          kernels.distances(
            index.metric, queries + query * index.dimension, chunk.vector(start),
            stride: index.dimension, ids: nil, count: rows, dimension: index.dimension,
            into: distances.base)
          for row in 0..<rows
          where distances.base[row] <= candidates[query].threshold {
            offer(chunk.recordIDs[start + row], distance: distances.base[row], query: query)
          }
        }
      }
    }
  }

  private func offer(_ recordID: UInt64, distance: Float, query: Int) {
    guard filter?.contains(recordID) ?? true else { return }
    candidates[query].nearest.insert(SearchHit(recordID: recordID, distance: distance))
  }

  private func scanCodes(_ range: Range<Int>) {
    let bounds = FlatQueryBounds(
      vectors: queries + range.lowerBound * index.dimension, count: range.count,
      dimension: index.dimension, metric: index.metric)
    let scan = FlatKernels(kernels)
    let alone = range.count < Self.queriesAPassMin
    let hits = FlatHits(
      capacity: (alone ? Self.groupsAStepMax : 1) * FlatKernels.rowsAGroup * range.count)
    var whole = !alone
    var scanned = 0
    var kept = 0
    for (place, chunk) in index.chunks.enumerated() {
      guard let codes = chunk.codes else { continue }
      bounds.prepare(for: codes, whole: whole)
      for query in range {
        bounds.setThreshold(candidates[query].threshold, of: query - range.lowerBound)
      }
      var group = 0
      while group < chunk.groupCount {
        // Short steps at first: a threshold that is far off lets many rows pass.
        let done = place * FlatChunk.rowCountMax / FlatKernels.rowsAGroup + group
        let step = alone ? min(Self.groupsAStepMax, max(1, done), chunk.groupCount - group) : 1
        scan.scan(
          codes.rows(fromGroup: group, groupCount: step, whole: whole), bounds.queries, into: hits)
        if hits.count > 0 {
          take(
            hits, bounds: bounds, firstQuery: range.lowerBound, chunk: chunk,
            chunkStart: place * FlatChunk.rowCountMax, firstRow: group * FlatKernels.rowsAGroup)
        }
        scanned += step * FlatKernels.rowsAGroup
        kept += hits.count
        group += step
      }
      if !whole, place > 0, kept * Self.keptRowsMin > scanned { whole = true }
    }
  }

  /// Scores the rows that look like hits, and keeps the others for later.
  private func take(
    _ hits: FlatHits, bounds: FlatQueryBounds, firstQuery: Int, chunk: FlatChunk, chunkStart: Int,
    firstRow: Int
  ) {
    promising.removeAll(keepingCapacity: true)
    for place in 0..<hits.count {
      let hit = hits[place]
      let row = firstRow + hit.row
      guard row < chunk.count, filter?.contains(chunk.recordIDs[row]) ?? true else { continue }
      let query = firstQuery + hit.query
      let bound = bounds.lowerBound(hit)
      if bounds.estimate(hit) > candidates[query].threshold {
        candidates[query].pending.append(
          FlatCandidates.Pending(bound: bound, row: UInt32(chunkStart + row)))
        continue
      }
      DistanceKernels.prefetchLines(chunk.vector(row), byteCount: index.dimension * 4)
      promising.append((query, chunkStart + row, bound))
    }
    for (query, row, bound) in promising where !(bound > candidates[query].threshold) {
      let before = candidates[query].threshold
      score(row, query: query)
      let threshold = candidates[query].threshold
      if threshold < before { bounds.setThreshold(threshold, of: query - firstQuery) }
    }
    for place in 0..<hits.count {
      let query = firstQuery + hits[place].query
      guard candidates[query].pending.count > FlatCandidates.pendingCountMax else { continue }
      candidates[query].prune()
      if candidates[query].pending.count > FlatCandidates.pendingCountMax / 2 {
        scorePending(query)
        bounds.setThreshold(candidates[query].threshold, of: query - firstQuery)
      }
    }
  }

  /// Scores pending rows, the most promising first, until no other can be a hit.
  private func scorePending(_ query: Int) {
    candidates[query].prune()
    let pending = candidates[query].pending.sorted { $0.bound < $1.bound }
    candidates[query].pending.removeAll(keepingCapacity: true)
    for (place, candidate) in pending.enumerated() {
      if candidate.bound > candidates[query].threshold { break }
      if place + Self.rowsAhead < pending.count {
        prefetch(Int(pending[place + Self.rowsAhead].row))
      }
      score(Int(candidate.row), query: query)
    }
  }

  private func prefetch(_ row: Int) {
    let chunk = index.chunks[row / FlatChunk.rowCountMax]
    DistanceKernels.prefetchLines(
      chunk.vector(row % FlatChunk.rowCountMax), byteCount: index.dimension * 4)
  }

  /// Scores a row that the filter allows on its vector.
  private func score(_ row: Int, query: Int) {
    let chunk = index.chunks[row / FlatChunk.rowCountMax]
    let place = row % FlatChunk.rowCountMax
    var distance: Float = 0
    kernels.distances(
      index.metric, queries + query * index.dimension, chunk.vector(place), stride: 0, ids: nil,
      count: 1, dimension: index.dimension, into: &distance)
    candidates[query].nearest.insert(
      SearchHit(recordID: chunk.recordIDs[place], distance: distance))
  }
}
