internal import VectorMath

extension Segment {
  /// Finds the nearest records.
  ///
  /// A best-first walk of the graph on byte codes, from the nearest entry points, until all of the
  /// `listSize` nearest candidates met have been expanded; the best of them are then scored exactly.
  ///
  /// - Parameters:
  ///   - query: `dimension` finite floats; of any length for cosine.
  ///   - filter: only these records may be returned; nil for all.
  ///   - scratch: the memory to work in; afterwards holds the hits (`min(k, matches)` of them) and
  ///     what the search cost.
  /// - Throws: ``VamanaError/dimensionMismatch(got:expected:)`` or ``VamanaError/notFinite(row:)``.
  /// - Complexity: about `listSize · maximumDegree` distance evaluations on codes.
  public func search(
    _ query: UnsafeBufferPointer<Float>, parameters: SearchParameters, filter: RecordFilter? = nil,
    scratch: SearchScratch
  ) throws(VamanaError) {
    scratch.beginHits()
    try prepare(query, scratch: scratch, parameters: parameters)
    guard count > 0 else { return }
    if let filter {
      searchFiltered(filter, parameters: parameters, scratch: scratch)
    } else {
      let pool = walk(parameters: parameters, scratch: scratch)
      rerank(pool, count: min(pool.count, parameters.rerankCount), scratch: scratch)
    }
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

  private func prepare(
    _ query: UnsafeBufferPointer<Float>, scratch: SearchScratch, parameters: SearchParameters
  ) throws(VamanaError) {
    guard query.count == dimension else {
      throw .dimensionMismatch(got: query.count, expected: dimension)
    }
    guard VectorValues.areUsable(query) else { throw .notFinite(row: 0) }
    scratch.prepare(
      dimension: dimension, listSize: min(parameters.listSize, max(count, 1)),
      batchSize: max(maximumDegree, layout.header.entryPointCount, parameters.rerankCount))
    scratch.query.update(from: query.baseAddress!, count: dimension)
    if metric == .cosine { VectorValues.scaleToUnitLength(scratch.query, count: dimension) }
  }

  /// The walk: fills a pool with the nearest candidates by code.
  func walk(parameters: SearchParameters, scratch: SearchScratch) -> CandidatePool {
    // SAFETY: `prepare` made room for `capacity` keys and for a batch of one list or all entry points;
    // nodes read from the image are compared with `nodeCount` before they become addresses.
    let capacity = min(parameters.listSize, count)
    let degree = maximumDegree
    let nodeCount = UInt32(count)
    let dimension = dimension
    let adjacency = pointer(to: .adjacency, as: UInt32.self)
    let codes = pointer(to: .codes, as: UInt8.self)
    let stride = ByteQuantizer.rowStride(dimension: dimension)
    let kernels = kernels
    let batch = scratch.batch
    let distances = scratch.distances
    let queryCodes = scratch.queryCodes
    let (scale, sum) = quantizer.encode(query: scratch.query, into: queryCodes)
    let visited = scratch.visitedTable(expectedCount: capacity * degree / 2)
    var pool = CandidatePool(keys: scratch.keys, capacity: capacity)
    var statistics = SearchStatistics()

    seed(&pool, visited: visited, scratch: scratch, scale: scale, sum: sum)
    statistics.distanceEvaluationCount = layout.header.entryPointCount
    while let node = pool.popNearest() {
      let neighbors = adjacency + Int(node) &* degree
      var fresh = 0
      for slot in 0..<degree {
        let neighbor = UInt32(littleEndian: neighbors[slot])
        // Also ends the list: an empty slot is larger than any node.
        guard neighbor < nodeCount else { continue }
        if visited.insert(neighbor) {
          batch[fresh] = neighbor
          fresh &+= 1
        }
      }
      if let next = pool.next {
        let row = UnsafeRawPointer(adjacency + Int(next) &* degree)
        DistanceKernels.prefetch(row)
        DistanceKernels.prefetch(row + 64)
      }
      kernels.codeDistances(
        queryCodes, scale: scale, sum: sum, codes, stride: stride, ids: batch, count: fresh,
        dimension: dimension, into: distances)
      for index in 0..<fresh {
        pool.insert(NeighborKey(distance: distances[index], node: batch[index]))
      }
      statistics.hopCount &+= 1
      statistics.distanceEvaluationCount &+= fresh
    }
    scratch.statistics += statistics
    return pool
  }

  /// Scores the entry points as one block and puts the nearest few into the pool.
  private func seed(
    _ pool: inout CandidatePool, visited: VisitedTable, scratch: SearchScratch, scale: Float,
    sum: Int32
  ) {
    let entryCount = layout.header.entryPointCount
    let entries = pointer(to: .entryPoints, as: UInt32.self)
    let distances = scratch.distances
    kernels.codeDistances(
      scratch.queryCodes, scale: scale, sum: sum, pointer(to: .entryCodes, as: UInt8.self),
      stride: ByteQuantizer.rowStride(dimension: dimension), ids: nil, count: entryCount,
      dimension: dimension, into: distances)
    let rootDistance = distances[0]
    for _ in 0..<min(Self.startCount, entryCount) {
      var nearest = 0
      for index in 1..<max(entryCount, 1) where distances[index] < distances[nearest] {
        nearest = index
      }
      let node = UInt32(littleEndian: entries[nearest])
      if node < UInt32(count), visited.insert(node) {
        pool.insert(NeighborKey(distance: distances[nearest], node: node))
      }
      distances[nearest] = .infinity
    }
    // Every node can be reached from the first entry point: with it in the pool a list as long as the
    // index finds everything.
    let root = UInt32(littleEndian: entries[0])
    if root < UInt32(count), visited.insert(root) {
      pool.insert(NeighborKey(distance: rootDistance, node: root))
    }
  }

  /// How many entry points a walk starts from.
  private static let startCount = 4

  /// Gives the first `count` candidates of the pool their exact distances, as hits.
  func rerank(_ pool: CandidatePool, count: Int, scratch: SearchScratch) {
    for index in 0..<count { scratch.batch[index] = pool[index].node }
    appendExact(count: count, scratch: scratch)
  }

  /// Turns the first `count` nodes of the batch into hits with exact distances.
  func appendExact(count: Int, scratch: SearchScratch) {
    kernels.distances(
      metric, scratch.query, pointer(to: .vectors, as: Float.self), stride: dimension,
      ids: scratch.batch, count: count, dimension: dimension, into: scratch.distances)
    for index in 0..<count {
      scratch.append(
        SearchHit(
          recordID: recordID(of: Int(scratch.batch[index])), distance: scratch.distances[index]))
    }
    scratch.statistics.exactDistanceEvaluationCount += count
  }
}
