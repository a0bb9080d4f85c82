internal import VectorMath

/// Puts entry points into groups of near ones, so that a search scores the means of the groups and then those of a
/// few groups only: an inverted file of two levels. Source: Jégou et al., IEEE PAMI 33, 2011, section IV.
enum EntryGroups {
  /// As many as the lanes of a block of codes: a group is scored by one.
  static let size = EdgeCodeShape.laneCount
  /// Fewer blocks than this are scored sooner than chosen from.
  private static let blockCountMin = 16

  /// `entryPoints` by groups, one after the other, filled up with random nodes to whole groups; the first stays
  /// the first.
  ///
  /// - Returns: nil where there are so few that all are to be scored.
  /// - Complexity: count · log(count) · dimension multiply-adds.
  static func make(of entryPoints: [UInt32], matrix: FloatMatrix, seed: UInt64) -> [UInt32]? {
    let groupCount = (entryPoints.count + size - 1) / size
    guard groupCount >= blockCountMin, groupCount * size <= matrix.count else { return nil }
    var nodes = filled(entryPoints, to: groupCount * size, of: matrix.count, seed: seed)
    split(&nodes, 0..<nodes.count, matrix: matrix)
    // The group of the first, with that at its front, changes places with the first group.
    guard let place = nodes.firstIndex(of: entryPoints[0]) else { return nil }
    let start = place / size * size
    nodes.swapAt(start, place)
    for lane in 0..<size where start > 0 { nodes.swapAt(lane, start + lane) }
    return nodes
  }

  private static func filled(
    _ entryPoints: [UInt32], to count: Int, of nodeCount: Int, seed: UInt64
  ) -> [UInt32] {
    var generator = SplitMix64(seed: seed ^ 0x6e0)
    var chosen = entryPoints
    var known = Set(entryPoints)
    for node in generator.sample(min(count, nodeCount), below: nodeCount).map(UInt32.init) {
      if chosen.count == count { break }
      if known.insert(node).inserted { chosen.append(node) }
    }
    return chosen
  }

  /// Halves a range by which of two nodes far from each other a node is nearer to, and each half again.
  private static func split(
    _ nodes: inout [UInt32], _ range: Range<Int>, matrix: FloatMatrix
  ) {
    guard range.count > size else { return }
    let ids = Array(nodes[range])
    func distances(from node: UInt32) -> [Float] {
      [Float](unsafeUninitializedCapacity: ids.count) { buffer, filled in
        guard let out = buffer.baseAddress else { return }
        DistanceKernels.best.squaredEuclideanDistances(
          matrix.row(Int(node)), matrix.base, stride: matrix.dimension, ids: ids,
          count: ids.count, dimension: matrix.dimension, into: out)
        filled = ids.count
      }
    }
    func farthest(_ distances: [Float]) -> UInt32 {
      ids[distances.indices.max { distances[$0] < distances[$1] } ?? 0]
    }
    let one = distances(from: farthest(distances(from: ids[0])))
    let other = distances(from: farthest(one))
    let differences = zip(one, other).map { $0 - $1 }
    let order = ids.indices.sorted { (differences[$0], $0) < (differences[$1], $1) }
    for (place, index) in zip(range, order) { nodes[place] = ids[index] }
    let middle = range.lowerBound + (range.count / size + 1) / 2 * size
    split(&nodes, range.lowerBound..<middle, matrix: matrix)
    split(&nodes, middle..<range.upperBound, matrix: matrix)
  }
}
