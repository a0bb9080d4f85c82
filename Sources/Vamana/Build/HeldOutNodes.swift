internal import VectorMath

/// Takes nodes out of a finished graph, each by itself.
///
/// A graph that merely lacks a node has a hole where it was: edges were left out because it offered the better
/// way. Searches for its vector then find less than searches for a vector that was never there. So each edge
/// to the node is given to the neighbour of it that pruning would most likely have taken: the nearest that no
/// other neighbour of the edge's source hides, or else the nearest. (For inner products the graph was pruned
/// with one more component, which makes lengths equal; where lengths differ much this is a guess.)
struct HeldOutNodes {
  let segment: Segment
  let vectors: FloatMatrix
  let workers: Workers

  private static let nodesAPiece = 4096

  /// - Complexity: one pass over all edges, and degree² distances for each edge to one of `nodes`.
  func make(_ nodes: [UInt32]) -> [HeldOutNode] {
    let sources = sources(of: nodes)
    let made = UnsafeMutablePointer<[UInt32: UInt32]>.allocate(capacity: nodes.count)
    made.initialize(repeating: [:], count: nodes.count)
    defer {
      made.deinitialize(count: nodes.count)
      made.deallocate()
    }
    // SAFETY: each piece writes its own element.
    nonisolated(unsafe) let results = made
    workers.run(pieces: nodes.count) { piece, _ in
      let node = nodes[piece]
      let own = segment.neighbors(of: node)
      for source in sources[piece] {
        results[piece][source] = substitute(for: node, own: own, source: source)
      }
    }
    return nodes.indices.map { HeldOutNode(node: nodes[$0], substitutes: made[$0]) }
  }

  /// The nodes with an edge to each of `nodes`.
  private func sources(of nodes: [UInt32]) -> [[UInt32]] {
    var places = [UInt32](repeating: .max, count: vectors.count)
    for (place, node) in nodes.enumerated() { places[Int(node)] = UInt32(place) }
    let pieceCount = (vectors.count + Self.nodesAPiece - 1) / Self.nodesAPiece
    let found = UnsafeMutablePointer<[(place: Int, source: UInt32)]>.allocate(capacity: pieceCount)
    found.initialize(repeating: [], count: pieceCount)
    defer {
      found.deinitialize(count: pieceCount)
      found.deallocate()
    }
    // SAFETY: each piece writes its own element.
    nonisolated(unsafe) let results = found
    let known = places
    workers.run(pieces: pieceCount) { piece, _ in
      let end = min(vectors.count, (piece + 1) * Self.nodesAPiece)
      for source in piece * Self.nodesAPiece..<end {
        for neighbor in segment.neighbors(of: UInt32(source)) {
          let place = known[Int(neighbor)]
          if place != .max { results[piece].append((Int(place), UInt32(source))) }
        }
      }
    }
    var sources = [[UInt32]](repeating: [], count: nodes.count)
    for piece in 0..<pieceCount {
      for (place, source) in found[piece] { sources[place].append(source) }
    }
    return sources
  }

  private func substitute(for node: UInt32, own: [UInt32], source: UInt32) -> UInt32? {
    let others = segment.neighbors(of: source).filter { $0 != node }
    let known = Set(others)
    let candidates = own.filter { $0 != source && !known.contains($0) }
    let nearest = zip(squaredDistances(from: source, to: candidates), candidates)
      .map { NeighborKey(distance: $0, node: $1) }.sorted()
    let open = nearest.first { candidate in
      squaredDistances(from: candidate.node, to: others).allSatisfy { $0 >= candidate.distance }
    }
    return (open ?? nearest.first)?.node
  }

  private func squaredDistances(from node: UInt32, to ids: [UInt32]) -> [Float] {
    // The storage of empty arrays is one for all: a sanitizer sees the zero that is written there from here too.
    if ids.isEmpty { return [] }
    return [Float](unsafeUninitializedCapacity: ids.count) { buffer, filled in
      filled = ids.count
      DistanceKernels.best.squaredEuclideanDistances(
        vectors.row(Int(node)), vectors.base, stride: vectors.dimension, ids: ids,
        count: ids.count, dimension: vectors.dimension, into: buffer.baseAddress!)
    }
  }
}
