internal import VectorMath

extension Segment {
  /// How many of the nodes that a walk reached are scored exactly whatever their codes say: enough to tell
  /// how far codes are off.
  private func certainCount(of reached: ReachedNodes, k: Int) -> Int {
    min(reached.count, max(k, CodeErrors.sampleCountMin))
  }

  /// Gives those nodes that may be among the nearest `k` exact distances, as hits.
  func rerank(_ reached: ReachedNodes, query: PreparedQuery, k: Int, scratch: SearchScratch) {
    // SAFETY: `prepare` made the batch as long as the nodes reached can be.
    let certainCount = certainCount(of: reached, k: k)
    appendExact(at: 0..<certainCount, of: reached, query: query, scratch: scratch)
    guard certainCount < reached.count else { return }
    var errors = CodeErrors()
    var farthest = -Float.infinity
    for index in 0..<certainCount {
      let exact = scratch.hits[index].distance * query.lengthFactor
      farthest = max(farthest, exact)
      errors.add(exact - reached[index].distance)
    }
    let rest = certainCount..<reached.count
    var end = firstPlace(in: rest, of: reached, beyond: farthest - errors.least)
    var sampleStep = 0
    if end - certainCount > CodeErrors.fewCount, end < reached.count {
      // Codes are coarse beside distances here. Then the nodes with the least codes are those whose errors go one
      // way, and say little of others: some of the rest are asked.
      sampleStep = max(1, rest.count / CodeErrors.furtherSampleCount)
      let places = stride(from: certainCount, to: reached.count, by: sampleStep)
      appendExact(at: places, of: reached, query: query, scratch: scratch)
      for (index, place) in places.enumerated() {
        let exact = scratch.hits[certainCount + index].distance * query.lengthFactor
        errors.add(exact - reached[place].distance)
      }
      end = firstPlace(in: rest, of: reached, beyond: farthest - errors.least)
    }
    var count = 0
    for place in certainCount..<end
    where sampleStep == 0 || (place - certainCount) % sampleStep != 0 {
      scratch.batch.base[count] = reached[place].node
      count += 1
    }
    appendExact(count: count, query: query, scratch: scratch)
  }

  /// The first of `places` with a node that is farther than `limit` by its code.
  private func firstPlace(in places: Range<Int>, of reached: ReachedNodes, beyond limit: Float)
    -> Int
  {
    var place = places.lowerBound
    while place < places.upperBound, reached[place].distance <= limit { place += 1 }
    return place
  }

  private func appendExact(
    at places: some Sequence<Int>, of reached: ReachedNodes, query: PreparedQuery,
    scratch: SearchScratch
  ) {
    // SAFETY: each place comes once, and the batch is as long as there are any.
    var count = 0
    for place in places {
      scratch.batch.base[count] = reached[place].node
      count += 1
    }
    appendExact(count: count, query: query, scratch: scratch)
  }

  /// How many nodes' bytes are asked for at once: more would only push out what others have in the cache.
  private static var prefetchedCountMax: Int { 16 }

  /// Asks for what ``rerank(_:query:k:scratch:)`` reads first and the walk has not.
  func prefetchRerank(_ reached: ReachedNodes, k: Int) {
    let (lowOffset, lowStride) = layout.lowBytes
    for index in 0..<min(certainCount(of: reached, k: k), Self.prefetchedCountMax) {
      DistanceKernels.prefetchLines(
        bytes.baseAddress! + lowOffset + Int(reached[index].node) * lowStride,
        byteCount: dimension)
      recordIDList.prefetch(Int(reached[index].node))
    }
  }

  /// Turns the first `count` nodes of the batch into hits with exact distances.
  func appendExact(count: Int, query: PreparedQuery, scratch: SearchScratch) {
    for index in 0..<min(count, Self.prefetchedCountMax) {
      recordIDList.prefetch(Int(scratch.batch.base[index]))
    }
    scoreExactly(count: count, scratch: scratch)
    let distances = scratch.distances.base
    for index in 0..<count {
      scratch.append(
        SearchHit(
          recordID: recordID(of: Int(scratch.batch.base[index])),
          distance: query.distance(ofProduct: distances[index], metric: metric)))
    }
    scratch.statistics.exactDistanceEvaluationCount += count
  }

  /// Writes the products of the query with the first `count` nodes of the batch.
  func scoreExactly(count: Int, scratch: SearchScratch) {
    // SAFETY: the batch holds nodes below `self.count`; its capacity covers `count`.
    let node = layout.node
    let (lowOffset, lowStride) = layout.lowBytes
    kernels.wideProducts(
      metric, scratch.exactQuery.base,
      pointer(to: .nodes, as: UInt8.self) + node.rowOffset, stride: node.stride,
      low: (bytes.baseAddress! + lowOffset).assumingMemoryBound(to: Int8.self),
      lowStride: lowStride, ids: scratch.batch.base, count: count, dimension: dimension,
      into: scratch.distances.base)
  }
}
