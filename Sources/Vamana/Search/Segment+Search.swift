internal import VectorMath

extension Segment {
  /// Finds the nearest records.
  ///
  /// A best-first walk of the graph, from the nearest entry points, until the nearest candidates met are
  /// farther than the nearest found by more than a slack, or all on the list have been expanded.
  /// Candidates are ranked by estimates from the codes of edges, expanded ones by their byte codes; the
  /// best of those are then scored exactly.
  ///
  /// - Parameters:
  ///   - query: `dimension` finite floats; of any length for cosine.
  ///   - filter: only these records may be returned; nil for all.
  ///   - scratch: the memory to work in; afterwards holds the hits (`min(k, matches)` of them) and
  ///     what the search cost.
  /// - Throws: ``VamanaError/dimensionMismatch(got:expected:)`` or ``VamanaError/notFinite(row:)``.
  /// - Complexity: about `listSize · maximumDegree` estimates from codes.
  public func search(
    _ query: UnsafeBufferPointer<Float>, parameters: SearchParameters, filter: RecordFilter? = nil,
    scratch: SearchScratch
  ) throws(VamanaError) {
    let parameters = walkParameters(for: parameters)
    scratch.beginHits()
    let prepared = try prepare(query, scratch: scratch, parameters: parameters)
    guard count > 0 else { return }
    if let filter {
      searchFiltered(prepared, filter: filter, parameters: parameters, scratch: scratch)
    } else {
      let reached = walk(prepared, parameters: parameters, scratch: scratch)
      rerank(reached, query: prepared, scratch: scratch)
    }
    scratch.finishHits(k: parameters.k)
  }

  /// Finds the nearest records but one, as if that had not been indexed.
  func search(
    _ query: UnsafeBufferPointer<Float>, parameters: SearchParameters, heldOut node: HeldOutNode,
    scratch: SearchScratch
  ) throws(VamanaError) {
    let parameters = walkParameters(for: parameters)
    scratch.beginHits()
    let prepared = try prepare(query, scratch: scratch, parameters: parameters)
    let reached = walk(prepared, parameters: parameters, heldOut: node, scratch: scratch)
    rerank(reached, query: prepared, scratch: scratch)
    scratch.finishHits(k: parameters.k)
  }

  /// Finds the nearest records; convenience over the form with scratch memory.
  public func search(
    _ query: [Float], parameters: SearchParameters = SearchParameters(),
    filter: RecordFilter? = nil
  ) throws(VamanaError) -> [SearchHit] {
    let scratch = SearchScratch()
    let result = query.withUnsafeBufferPointer { query in
      Result { () throws(VamanaError) in
        try search(query, parameters: parameters, filter: filter, scratch: scratch)
      }
    }
    try result.get()
    return scratch.hits
  }

  /// Gives the nodes that a walk reached their exact distances, as hits.
  func rerank(_ reached: ReachedNodes, query: PreparedQuery, scratch: SearchScratch) {
    for index in 0..<reached.count { scratch.batch.base[index] = reached[index].node }
    appendExact(count: reached.count, query: query, scratch: scratch)
  }

  /// Turns the first `count` nodes of the batch into hits with exact distances.
  func appendExact(count: Int, query: PreparedQuery, scratch: SearchScratch) {
    // SAFETY: the batch holds nodes below `self.count`; its capacity covers `count`.
    let node = layout.node
    let (lowOffset, lowStride) = layout.lowBytes
    let distances = scratch.distances.base
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
