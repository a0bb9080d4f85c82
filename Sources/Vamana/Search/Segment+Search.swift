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
      rerank(reached, query: prepared, k: parameters.k, scratch: scratch)
      scratch.finishHits(k: parameters.k)
    }
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
    rerank(reached, query: prepared, k: parameters.k, scratch: scratch)
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
}
