/// The reverse of every edge of a graph, grouped by the node it leads to.
struct Backedges: @unchecked Sendable {
  // SAFETY: written in `init` only.
  private let offsets: [Int]
  private let keys: [NeighborKey]

  /// - Complexity: O(edges).
  init(of graph: ProximityGraph) {
    var offsets = [Int](repeating: 0, count: graph.nodeCount + 1)
    for node in 0..<graph.nodeCount {
      for key in graph.neighbors(of: node) { offsets[Int(key.node) + 1] += 1 }
    }
    for node in 0..<graph.nodeCount { offsets[node + 1] += offsets[node] }
    var next = offsets
    var keys = [NeighborKey](repeating: .none, count: offsets[graph.nodeCount])
    for node in 0..<graph.nodeCount {
      for key in graph.neighbors(of: node) {
        let target = Int(key.node)
        keys[next[target]] = NeighborKey(distance: key.distance, node: UInt32(node))
        next[target] += 1
      }
    }
    self.offsets = offsets
    self.keys = keys
  }

  /// The nodes that have `node` as a neighbour: the nearest `limit`, ascending.
  func sources(of node: Int, limit: Int) -> ArraySlice<NeighborKey> {
    keys[offsets[node]..<offsets[node + 1]].sorted().prefix(limit)
  }
}
