internal import VectorMath

/// Chooses how many balls each vector joins: as few as bring near vectors together.
///
/// How far neighbours are scattered over balls differs much between data sets, and the work of a build grows
/// with the number of balls. So it is measured, on a sample whose true neighbours are computed.
struct LeafCoverage {
  let source: DistanceSource
  let workers: Workers

  private static let sampleCountMax = 240
  private static let neighborCount = 10
  private static let columnsAPiece = 2048
  /// The share of near pairs that leaves should bring together. What they miss is found through common
  /// neighbours if it is little.
  private static let wantedShare = 0.975

  /// The least number of balls, at least `least`, that brings enough pairs together.
  ///
  /// - Parameters:
  ///   - assignments: for each row its nearest balls, `most` of them, nearest first.
  ///   - most: the most balls a vector may join.
  /// - Complexity: sample · count · dimension multiply-adds.
  func fanOut(_ assignments: [UInt32], least: Int, most: Int, seed: UInt64) -> Int {
    let count = source.matrix.count
    var generator = SplitMix64(seed: seed ^ 0xc0fe)
    let sample = generator.sample(min(Self.sampleCountMax, count), below: count).map(UInt32.init)
    let neighbors = nearest(to: sample)
    func balls(_ row: Int, _ fanOut: Int) -> ArraySlice<UInt32> {
      assignments[row * most..<row * most + fanOut]
    }
    for fanOut in least..<max(least, most) {
      var together = 0
      var pairs = 0
      for (row, near) in zip(sample, neighbors) {
        let own = Set(balls(Int(row), fanOut))
        pairs += near.count
        together += near.count { balls(Int($0), fanOut).contains(where: own.contains) }
      }
      if Double(together) >= Self.wantedShare * Double(pairs) { return fanOut }
    }
    return most
  }

  /// The nearest rows to each sampled one, itself left out.
  private func nearest(to sample: [UInt32]) -> [[UInt32]] {
    let count = source.matrix.count
    let queries = BlockDistances(source: source, capacity: sample.count)
    sample.withUnsafeBufferPointer(queries.load)
    let pieceCount = (count + Self.columnsAPiece - 1) / Self.columnsAPiece
    let slots = Self.neighborCount + 1
    let keys = UnsafeMutablePointer<NeighborKey>.allocate(
      capacity: pieceCount * sample.count * slots)
    defer { keys.deallocate() }
    keys.initialize(repeating: .none, count: pieceCount * sample.count * slots)
    // SAFETY: each piece writes the keys of its own columns; the sample is only read.
    nonisolated(unsafe) let found = keys
    nonisolated(unsafe) let rows = queries
    let scratch = WorkerScratch(count: workers.threadCount) {
      (
        BlockDistances(source: source, capacity: min(count, Self.columnsAPiece)),
        FloatBuffer(count: sample.count * BlockDistances.padded(min(count, Self.columnsAPiece)))
      )
    }
    workers.run(pieces: pieceCount) { piece, worker in
      let (block, distances) = scratch[worker]
      let start = piece * Self.columnsAPiece
      let ids = (start..<min(count, start + Self.columnsAPiece)).map(UInt32.init)
      ids.withUnsafeBufferPointer(block.load)
      rows.distances(0..<sample.count, to: block, into: distances.base)
      for row in sample.indices {
        var nearest = ReachedNodes(
          keys: found + (piece * sample.count + row) * slots, capacity: slots)
        let line = distances.base + row * block.rowStride
        var worst = Float.infinity
        for column in ids.indices where line[column] < worst || nearest.count < slots {
          nearest.insert(NeighborKey(distance: line[column], node: ids[column]))
          if nearest.count == slots { worst = nearest[slots - 1].distance }
        }
      }
    }
    return sample.indices.map { row in
      let all = (0..<pieceCount).flatMap { piece in
        (0..<slots).map { keys[(piece * sample.count + row) * slots + $0] }
      }
      return all.filter { $0 != .none && $0.node != sample[row] }.sorted()
        .prefix(Self.neighborCount).map(\.node)
    }
  }
}
