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
}
