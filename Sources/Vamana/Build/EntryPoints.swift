internal import VectorMath

/// Chooses the nodes that walks start from.
enum EntryPoints {
  /// Rows among which points far from each other are looked for.
  private static let candidateCountMax = 8192

  /// Random nodes: as many where the data are dense, so that most queries have one near.
  static func random(_ count: Int, of nodeCount: Int, seed: UInt64) -> [UInt32] {
    var generator = SplitMix64(seed: seed ^ 0xe2)
    return generator.sample(min(count, nodeCount), below: nodeCount).map(UInt32.init)
  }

  /// `entryPoints` and `count` more, each as far as can be from those before: one in every cluster,
  /// however small. Source: Gonzalez, Theoretical Computer Science 38, 1985.
  ///
  /// - Complexity: count · 8,192 · dimension multiply-adds.
  static func spread(
    _ entryPoints: [UInt32], adding count: Int, matrix: FloatMatrix, seed: UInt64
  ) -> [UInt32] {
    var generator = SplitMix64(seed: seed ^ 0xfa7)
    let candidates = generator.sample(
      min(candidateCountMax, matrix.count), below: matrix.count
    ).map(UInt32.init)
    let rows = FloatBuffer(count: candidates.count * matrix.dimension)
    candidates.withUnsafeBufferPointer { matrix.gather($0, into: rows.base) }
    var nearest = [Float](repeating: .infinity, count: candidates.count)
    var distances = [Float](repeating: 0, count: candidates.count)
    func cover(_ row: UnsafePointer<Float>) {
      DistanceKernels.best.squaredEuclideanDistances(
        row, rows.base, stride: matrix.dimension, ids: nil, count: candidates.count,
        dimension: matrix.dimension, into: &distances)
      for index in 0..<candidates.count { nearest[index] = min(nearest[index], distances[index]) }
    }
    for node in entryPoints { cover(matrix.row(Int(node))) }
    var chosen = entryPoints
    for _ in 0..<count {
      guard let far = nearest.indices.max(by: { nearest[$0] < nearest[$1] }), nearest[far] > 0
      else { break }
      chosen.append(candidates[far])
      cover(rows.base + far * matrix.dimension)
    }
    return chosen
  }
}
