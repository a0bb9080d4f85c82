extension ProximityGraph {
  /// Adds edges until every node can be reached from `root`.
  ///
  /// An unreached node is linked from the nearest reached node with a free slot: one of its own nearest
  /// neighbours if any has been reached, else the node reached last. The build leaves slots free for
  /// this, and every node that becomes reachable brings its own, so there always is one.
  ///
  /// - Returns: how many edges were added.
  /// - Complexity: O(nodes · capacity).
  func connect(from root: UInt32) -> Int {
    var reached = [Bool](repeating: false, count: nodeCount)
    var withRoom: [UInt32] = []
    var stack: [UInt32] = []
    func flood(from start: UInt32) {
      guard !reached[Int(start)] else { return }
      reached[Int(start)] = true
      stack.append(start)
      while let node = stack.popLast() {
        if Int(degrees[Int(node)]) < capacity { withRoom.append(node) }
        for key in neighbors(of: Int(node)) where !reached[Int(key.node)] {
          reached[Int(key.node)] = true
          stack.append(key.node)
        }
      }
    }
    flood(from: root)
    var added = 0
    var next = 0
    // Nodes that have a reached neighbour come first: the others may be reached through them.
    var waiting: [UInt32] = []
    for pass in 0..<2 {
      let nodes = pass == 0 ? Array(0..<UInt32(nodeCount)) : waiting
      for node in nodes where !reached[Int(node)] {
        let near = neighbors(of: Int(node)).first {
          reached[Int($0.node)] && Int(degrees[Int($0.node)]) < capacity
        }
        if let near {
          append(NeighborKey(distance: near.distance, node: node), to: Int(near.node))
        } else if pass == 0 {
          waiting.append(node)
          continue
        } else {
          while next < withRoom.count, Int(degrees[Int(withRoom[next])]) == capacity { next += 1 }
          precondition(next < withRoom.count, "a reached node always has a free slot")
          append(
            NeighborKey(distance: .greatestFiniteMagnitude, node: node), to: Int(withRoom[next]))
        }
        added += 1
        flood(from: node)
      }
    }
    return added
  }

  private func append(_ key: NeighborKey, to node: Int) {
    slots(of: node)[Int(degrees[node])] = key
    degrees[node] += 1
  }
}
