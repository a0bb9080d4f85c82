internal import VectorMath

extension TailView {
  /// Offers every living row to the nearest hits of `scratch`, exactly.
  ///
  /// Codes come first: a row is scored on its vector only where the least that its distance can be,
  /// given the error of its codes, does not lie beyond the farthest hit so far. What comes back is the
  /// same as if all vectors had been scored.
  ///
  /// - Complexity: `count` distance evaluations on codes.
  func scan(filter: RecordFilter?, kernels: DistanceKernels, scratch: VectorIndexScratch) {
    guard aliveCount > 0 else { return }
    let quantizer = rows.quantizer
    let (scale, sum) = quantizer.encode(query: scratch.query, into: scratch.queryCodes)
    let bound = CodeDistanceBound(
      query: scratch.query, codes: scratch.queryCodes, scale: scale, quantizer: quantizer)
    for start in stride(from: 0, to: count, by: TailRows.rowsAChunk) {
      let chunk = rows.chunk(ofRow: start)
      let rowCount = min(TailRows.rowsAChunk, count - start)
      // SAFETY: the chunk holds `rowCount` published rows of codes, and `distances` has room for a
      // chunk.
      kernels.codeDistances(
        scratch.queryCodes, scale: scale, sum: sum,
        UnsafePointer(chunk.codes.assumingMemoryBound(to: UInt8.self)), stride: rows.codeStride,
        ids: nil, count: rowCount, dimension: rows.dimension, into: scratch.distances)
      bound.lower(scratch.distances, errors: chunk.errors, count: rowCount)
      scratch.statistics.distanceEvaluationCount += rowCount
      collect(from: start, rowCount: rowCount, chunk: chunk, filter: filter, scratch: scratch)
      score(chunk, kernels: kernels, scratch: scratch)
    }
  }

  /// Collects the rows of a chunk that could be hits.
  private func collect(
    from start: Int, rowCount: Int, chunk: TailChunk, filter: RecordFilter?,
    scratch: VectorIndexScratch
  ) {
    scratch.candidates.removeAll(keepingCapacity: true)
    let threshold = scratch.nearest.threshold
    let distances = scratch.distances
    for row in 0..<rowCount {
      // A bound that is not a number holds nothing back.
      if distances[row] > threshold { continue }
      if tombstones.contains(start + row) { continue }
      if let filter, !filter.contains(chunk.recordIDs[row]) { continue }
      scratch.candidates.append(
        VectorIndexScratch.Candidate(lowerBound: distances[row], row: UInt32(row)))
    }
  }

  /// Scores candidates on their vectors, the most promising first, until no other can be a hit.
  private func score(_ chunk: TailChunk, kernels: DistanceKernels, scratch: VectorIndexScratch) {
    let batchCount = 32
    if scratch.candidates.count > batchCount {
      scratch.candidates.sort { $0.lowerBound < $1.lowerBound }
    }
    for start in stride(from: 0, to: scratch.candidates.count, by: batchCount) {
      let batch = scratch.candidates[start..<min(start + batchCount, scratch.candidates.count)]
      let threshold = scratch.nearest.threshold
      scratch.rows.removeAll(keepingCapacity: true)
      for candidate in batch where !(candidate.lowerBound > threshold) {
        scratch.rows.append(candidate.row)
      }
      guard !scratch.rows.isEmpty else { continue }
      // SAFETY: rows are those of the chunk, and `exactDistances` has room for all of them.
      kernels.distances(
        rows.metric, scratch.query, chunk.vectors, stride: rows.dimension, ids: scratch.rows,
        count: scratch.rows.count, dimension: rows.dimension, into: scratch.exactDistances)
      for (index, row) in scratch.rows.enumerated() {
        scratch.nearest.insert(
          SearchHit(
            recordID: chunk.recordIDs[Int(row)], distance: scratch.exactDistances[index]))
      }
      scratch.statistics.exactDistanceEvaluationCount += scratch.rows.count
    }
  }
}
