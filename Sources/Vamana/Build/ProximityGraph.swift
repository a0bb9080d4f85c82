/// A directed graph with a bounded degree, while it is being built.
///
/// Each node has `capacity` slots of keys (distance and node), filled from the front.
final class ProximityGraph: @unchecked Sendable {
  // SAFETY: between joins of the build's threads each node's slots are written by one of them.
  let keys: UnsafeMutablePointer<NeighborKey>
  let degrees: UnsafeMutablePointer<Int32>
  let nodeCount: Int
  let capacity: Int

  init(nodeCount: Int, capacity: Int) {
    self.nodeCount = nodeCount
    self.capacity = capacity
    keys = .allocate(capacity: max(1, nodeCount * capacity))
    keys.initialize(repeating: .none, count: nodeCount * capacity)
    degrees = .allocate(capacity: max(1, nodeCount))
    degrees.initialize(repeating: 0, count: nodeCount)
  }

  deinit {
    keys.deallocate()
    degrees.deallocate()
  }

  func slots(of node: Int) -> UnsafeMutablePointer<NeighborKey> { keys + node * capacity }

  func neighbors(of node: Int) -> UnsafeBufferPointer<NeighborKey> {
    UnsafeBufferPointer(start: slots(of: node), count: Int(degrees[node]))
  }

  /// Sets the degree of `node`, whose first `count` slots have been filled.
  ///
  /// - Parameter sparing: whether the last of them is set aside in the last slot, for ``useSpares()``.
  func setDegree(_ count: Int, of node: Int, sparing: Bool) {
    degrees[node] = Int32(sparing ? count - 1 : count)
    guard sparing else { return }
    let slots = slots(of: node)
    let spare = slots[count - 1]
    slots[count - 1] = .none
    slots[capacity - 1] = spare
  }

  /// Gives back the neighbours set aside, where no other edge has taken their slot.
  func useSpares() {
    for node in 0..<nodeCount where Int(degrees[node]) == capacity - 1 {
      let slots = slots(of: node)
      let spare = slots[capacity - 1]
      guard spare != .none, !neighbors(of: node).contains(where: { $0.node == spare.node }) else {
        continue
      }
      degrees[node] += 1
    }
  }
}
