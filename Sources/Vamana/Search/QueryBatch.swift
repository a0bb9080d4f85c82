internal import VectorMath

/// Many queries to one segment, checked.
struct QueryBatch: @unchecked Sendable {
  // SAFETY: the caller's queries are only read, while `run` lasts.
  private let segment: Segment
  private let queries: UnsafeBufferPointer<Float>
  private let parameters: SearchParameters
  private let count: Int

  /// Walks that one thread carries forward in turn.
  static let walksAThread = 3
  /// Queries that a thread takes at once: enough that the last walks, which have no others beside them,
  /// weigh little.
  private static let queriesAPiece = 64

  init(
    _ segment: Segment, queries: UnsafeBufferPointer<Float>, parameters: SearchParameters
  ) {
    self.segment = segment
    self.queries = queries
    self.parameters = parameters
    count = queries.count / segment.dimension
  }

  /// The first query with a value that is not finite.
  func firstUnusable() -> Int? {
    (0..<count).first { !VectorValues.areUsable(query($0)) }
  }

  private func query(_ index: Int) -> UnsafeBufferPointer<Float> {
    let dimension = segment.dimension
    return UnsafeBufferPointer(rebasing: queries[index * dimension..<(index + 1) * dimension])
  }

  func run(filter: RecordFilter?, workers: Workers) -> [[SearchHit]] {
    let hits = UnsafeMutablePointer<[SearchHit]>.allocate(capacity: count)
    hits.initialize(repeating: [], count: count)
    defer {
      hits.deinitialize(count: count)
      hits.deallocate()
    }
    // Smaller pieces where there are few queries, so that all threads get some.
    let pieceSize = max(1, min(Self.queriesAPiece, count / (2 * workers.threadCount)))
    // SAFETY: each piece writes the hits of its own queries.
    nonisolated(unsafe) let results = hits
    let scratches = WorkerScratch(count: workers.threadCount) {
      (0..<Self.walksAThread).map { _ in SearchScratch() }
    }
    workers.run(pieces: (count + pieceSize - 1) / pieceSize) { piece, worker in
      let range = piece * pieceSize..<min(count, (piece + 1) * pieceSize)
      if filter == nil, segment.isFused {
        interleave(range, scratches: scratches[worker], into: results)
      } else {
        let scratch = scratches[worker][0]
        for index in range {
          // Queries were checked: nothing can be refused.
          try? segment.search(
            query(index), parameters: parameters, filter: filter, scratch: scratch)
          results[index] = scratch.hits
        }
      }
    }
    return Array(UnsafeBufferPointer(start: hits, count: count))
  }

  /// A walk under way for a query of the batch.
  private struct Lane {
    var walk: FusedWalk
    var index: Int
    var scratch: Int
    /// Whether the walk is done, and what scores its nodes exactly is on its way.
    var isEnding = false

    /// What the walk expands next.
    var next: NeighborKey { isEnding ? .none : walk.pool.next }
  }

  private func interleave(
    _ range: Range<Int>, scratches: [SearchScratch], into hits: UnsafeMutablePointer<[SearchHit]>
  ) {
    let hop = FusedHop(segment)
    let parameters = segment.walkParameters(for: parameters)
    var next = range.lowerBound
    func start(scratch: Int) -> Lane? {
      while next < range.upperBound {
        defer { next += 1 }
        let memory = scratches[scratch]
        memory.beginHits()
        guard segment.count > 0,
          let prepared = try? segment.prepare(query(next), scratch: memory, parameters: parameters)
        else { continue }
        let walk = segment.startWalk(prepared, parameters: parameters, scratch: memory)
        let lane = Lane(
          walk: FusedWalk(walk, query: prepared, scratch: memory), index: next,
          scratch: scratch)
        if lane.walk.pool.next != .none { hop.prefetch(lane.walk.pool.next.node) }
        return lane
      }
      return nil
    }
    withUnsafeTemporaryAllocation(of: Lane.self, capacity: scratches.count) { lanes in
      var laneCount = 0
      for scratch in scratches.indices {
        guard let lane = start(scratch: scratch) else { break }
        lanes.initializeElement(at: laneCount, to: lane)
        laneCount += 1
      }
      var current = 0
      while laneCount > 0 {
        if current >= laneCount { current = 0 }
        // The lane whose turn was before: of three, its record has the hop after this one to arrive.
        let other =
          laneCount == 1
          ? nil : lanes[current == 0 ? laneCount - 1 : current - 1].next
        if !lanes[current].isEnding {
          if !hop.run(&lanes[current].walk, before: other) {
            lanes[current].isEnding = true
            segment.prefetchRerank(lanes[current].walk.reached, k: parameters.k)
          }
          current += 1
          continue
        }
        finish(lanes[current], parameters: parameters, scratches: scratches, into: hits)
        if let lane = start(scratch: lanes[current].scratch) {
          lanes[current] = lane
          current += 1
        } else {
          laneCount -= 1
          lanes[current] = lanes[laneCount]
        }
      }
    }
  }

  private func finish(
    _ lane: Lane, parameters: WalkParameters, scratches: [SearchScratch],
    into hits: UnsafeMutablePointer<[SearchHit]>
  ) {
    let scratch = scratches[lane.scratch]
    segment.rerank(lane.walk.reached, query: lane.walk.query, k: parameters.k, scratch: scratch)
    scratch.finishHits(k: parameters.k)
    hits[lane.index] = scratch.hits
  }
}
