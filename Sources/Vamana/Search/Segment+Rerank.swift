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
    for index in 0..<certainCount { scratch.batch.base[index] = reached[index].node }
    appendExact(count: certainCount, query: query, scratch: scratch)
    guard certainCount < reached.count else { return }
    var errors = CodeErrors()
    var farthest = -Float.infinity
    for index in 0..<certainCount {
      let exact = scratch.hits[index].distance * query.lengthFactor
      farthest = max(farthest, exact)
      errors.add(exact - reached[index].distance)
    }
    let limit = farthest - errors.least
    var count = 0
    while certainCount + count < reached.count, reached[certainCount + count].distance <= limit {
      scratch.batch.base[count] = reached[certainCount + count].node
      count += 1
    }
    appendExact(count: count, query: query, scratch: scratch)
  }

  /// Asks for what ``rerank(_:query:k:scratch:)`` reads and the walk has not.
  func prefetchRerank(_ reached: ReachedNodes, k: Int) {
    let (lowOffset, lowStride) = layout.lowBytes
    for index in 0..<certainCount(of: reached, k: k) {
      DistanceKernels.prefetchLines(
        bytes.baseAddress! + lowOffset + Int(reached[index].node) * lowStride,
        byteCount: dimension)
      recordIDList.prefetch(Int(reached[index].node))
    }
  }

  /// Turns the first `count` nodes of the batch into hits with exact distances.
  func appendExact(count: Int, query: PreparedQuery, scratch: SearchScratch) {
    // SAFETY: the batch holds nodes below `self.count`; its capacity covers `count`.
    let node = layout.node
    let (lowOffset, lowStride) = layout.lowBytes
    let distances = scratch.distances.base
    for index in 0..<count { recordIDList.prefetch(Int(scratch.batch.base[index])) }
    kernels.wideProducts(
      metric, scratch.exactQuery.base,
      pointer(to: .nodes, as: UInt8.self) + node.rowOffset, stride: node.stride,
      low: (bytes.baseAddress! + lowOffset).assumingMemoryBound(to: Int8.self),
      lowStride: lowStride, ids: scratch.batch.base, count: count, dimension: dimension,
      into: distances)
    for index in 0..<count {
      scratch.append(
        SearchHit(
          recordID: recordID(of: Int(scratch.batch.base[index])),
          distance: query.distance(ofProduct: distances[index], metric: metric)))
    }
    scratch.statistics.exactDistanceEvaluationCount += count
  }
}
