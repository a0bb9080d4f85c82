internal import VectorMath

/// The search of one thread: a few queries, all rows of a view. Reused, it allocates next to nothing.
final class FlatSearch {
  // SAFETY: `queries` holds `count` rows of the view's dimension and outlives the search; `candidates`
  // as many elements. Rows come from scans of the view's slices, which end at their last row.
  private let dimension: Int
  private let metric: Metric
  private let count: Int
  private let kernels: DistanceKernels
  private let codeKernels: FlatKernels
  private let bounds: FlatQueryBounds
  private let hits: FlatHits
  private let distances = FloatBuffer(count: rowsABlock)
  let candidates: UnsafeMutablePointer<FlatCandidates>
  private var view: FlatView
  private var queries: UnsafePointer<Float>
  private var selection = FlatSelection()
  private var k = 0
  /// Rows to score now: of which query, and where.
  private var promising: [(query: Int, row: Int, bound: Float)] = []
  /// Rows scored on their vectors since the search began, over all queries.
  private(set) var scoredCount = 0

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

  /// - Parameter count: queries of a search.
  init(
    dimension: Int, metric: Metric, count: Int, kernels: DistanceKernels = .best
  ) {
    self.dimension = dimension
    self.metric = metric
    self.count = count
    self.kernels = kernels
    codeKernels = FlatKernels(kernels)
    let alone = count < Self.queriesAPassMin
    bounds = FlatQueryBounds(count: alone ? 1 : count, dimension: dimension, metric: metric)
    hits = FlatHits(
      capacity: FlatKernels.rowsAGroup * (alone ? Self.groupsAStepMax : count))
    candidates = .allocate(capacity: count)
    candidates.initialize(repeating: FlatCandidates(), count: count)
    view = FlatView(dimension: dimension, metric: metric, slices: [], count: 0)
    queries = UnsafePointer(distances.base)
  }

  deinit {
    candidates.deinitialize(count: count)
    candidates.deallocate()
  }

  /// Begins to look for the nearest `k` selected rows of `view`.
  func begin(
    _ view: FlatView, queries: UnsafePointer<Float>, k: Int,
    selection: FlatSelection = FlatSelection()
  ) {
    self.view = view
    self.queries = queries
    self.k = max(0, k)
    self.selection = selection
    scoredCount = 0
    for query in 0..<count { candidates[query].nearest.begin(k: self.k) }
  }

  /// Lets go of the rows; a search that is kept for later must not keep them.
  func end() {
    view = FlatView(dimension: dimension, metric: metric, slices: [], count: 0)
    selection = FlatSelection()
  }

  /// Offers all rows to all queries.
  func scan() {
    guard k > 0, view.count > 0 else { return }
    if view.hasCodes, k <= view.count / Self.rowsANeighborMin {
      if count < Self.queriesAPassMin {
        for query in 0..<count { scanCodes(query..<query + 1) }
      } else {
        scanCodes(0..<count)
      }
    } else {
      for (place, slice) in view.slices.enumerated() {
        scanVectors(0..<slice.count, of: slice, place: place, queries: 0..<count)
      }
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

  private func scanVectors(_ rows: Range<Int>, of slice: FlatSlice, place: Int, queries: Range<Int>)
  {
    let chunk = slice.chunk
    for start in stride(from: rows.lowerBound, to: rows.upperBound, by: Self.rowsABlock) {
      let rowCount = min(Self.rowsABlock, rows.upperBound - start)
      for query in queries {
        kernels.distances(
          metric, self.queries + query * dimension, chunk.vector(start), stride: dimension,
          ids: nil, count: rowCount, dimension: dimension, into: distances.base)
        for row in 0..<rowCount where distances.base[row] <= candidates[query].threshold {
          let recordID = chunk.recordIDs[start + row]
          guard
            selection.contains(
              row: place * FlatChunk.rowCountMax + start + row, recordID: recordID)
          else { continue }
          candidates[query].nearest.insert(
            SearchHit(recordID: recordID, distance: distances.base[row]))
        }
        scoredCount += rowCount
      }
    }
  }

  private func scanCodes(_ range: Range<Int>) {
    let vectors = queries + range.lowerBound * dimension
    bounds.begin(vectors)
    let alone = range.count < Self.queriesAPassMin
    var whole = !alone
    var scanned = 0
    var kept = 0
    for (place, slice) in view.slices.enumerated() {
      if let codes = slice.chunk.codes, slice.codedGroupCount > 0 {
        bounds.prepare(vectors, for: codes, whole: whole)
        for query in range {
          bounds.setThreshold(candidates[query].threshold, of: query - range.lowerBound)
        }
        var group = 0
        while group < slice.codedGroupCount {
          // Short steps at first: a threshold that is far off lets many rows pass.
          let done = place * FlatChunk.rowCountMax / FlatKernels.rowsAGroup + group
          let step =
            alone ? min(Self.groupsAStepMax, max(1, done), slice.codedGroupCount - group) : 1
          codeKernels.scan(
            codes.rows(fromGroup: group, groupCount: step, whole: whole), bounds.queries,
            into: hits)
          if hits.count > 0 {
            take(
              firstQuery: range.lowerBound, chunk: slice.chunk,
              chunkStart: place * FlatChunk.rowCountMax,
              firstRow: group * FlatKernels.rowsAGroup)
          }
          scanned += step * FlatKernels.rowsAGroup
          kept += hits.count
          group += step
        }
        if !whole, place > 0, kept * Self.keptRowsMin > scanned { whole = true }
      }
      scanVectors(slice.codedCount..<slice.count, of: slice, place: place, queries: range)
    }
  }

  /// Scores the hits of a scan that look near, and keeps the others for later.
  private func take(firstQuery: Int, chunk: FlatChunk, chunkStart: Int, firstRow: Int) {
    promising.removeAll(keepingCapacity: true)
    for place in 0..<hits.count {
      let hit = hits[place]
      let row = firstRow + hit.row
      guard selection.contains(row: chunkStart + row, recordID: chunk.recordIDs[row]) else {
        continue
      }
      let query = firstQuery + hit.query
      let bound = bounds.lowerBound(hit)
      if bounds.estimate(hit) > candidates[query].threshold {
        candidates[query].pending.append(
          FlatCandidates.Pending(bound: bound, row: UInt32(chunkStart + row)))
        continue
      }
      DistanceKernels.prefetchLines(chunk.vector(row), byteCount: dimension * 4)
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
  func scorePending(_ query: Int) {
    candidates[query].prune()
    candidates[query].pending.sort { $0.bound < $1.bound }
    let count = candidates[query].pending.count
    for place in 0..<count {
      let candidate = candidates[query].pending[place]
      if candidate.bound > candidates[query].threshold { break }
      if place + Self.rowsAhead < count {
        prefetch(Int(candidates[query].pending[place + Self.rowsAhead].row))
      }
      score(Int(candidate.row), query: query)
    }
    candidates[query].pending.removeAll(keepingCapacity: true)
  }

  private func prefetch(_ row: Int) {
    DistanceKernels.prefetchLines(view.vector(at: row), byteCount: dimension * 4)
  }

  /// Scores a selected row on its vector.
  private func score(_ row: Int, query: Int) {
    var distance: Float = 0
    kernels.distances(
      metric, queries + query * dimension, view.vector(at: row), stride: 0, ids: nil, count: 1,
      dimension: dimension, into: &distance)
    candidates[query].nearest.insert(
      SearchHit(recordID: view.recordID(at: row), distance: distance))
    scoredCount += 1
  }
}
