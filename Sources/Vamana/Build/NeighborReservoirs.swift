internal import Synchronization

/// For each node the nearest neighbours met so far, bounded.
///
/// What a reservoir holds in the end does not depend on the order of insertions, so threads may
/// insert as they come and the build still repeats.
final class NeighborReservoirs: @unchecked Sendable {
  // SAFETY: the keys of a node are touched only under the lock of its stripe, until the build's
  // threads have joined.
  private let keys: UnsafeMutablePointer<NeighborKey>
  private let locks: UnsafeMutablePointer<Atomic<Bool>>
  private static let stripeCount = 4096
  let nodeCount: Int
  /// The most neighbours kept for each node.
  let capacity: Int

  init(nodeCount: Int, capacity: Int) {
    self.nodeCount = nodeCount
    self.capacity = capacity
    keys = .allocate(capacity: max(1, nodeCount * capacity))
    keys.initialize(repeating: .none, count: nodeCount * capacity)
    locks = .allocate(capacity: Self.stripeCount)
    for index in 0..<Self.stripeCount { (locks + index).initialize(to: Atomic(false)) }
  }

  deinit {
    keys.deallocate()
    locks.deinitialize(count: Self.stripeCount)
    locks.deallocate()
  }

  /// The neighbours of `node`, nearest first, then ``NeighborKey/none``. Only once no thread inserts.
  func neighbors(of node: Int) -> UnsafeBufferPointer<NeighborKey> {
    UnsafeBufferPointer(start: keys + node * capacity, count: capacity)
  }

  /// The places of `node`, to be written by one thread.
  func slots(of node: Int) -> UnsafeMutablePointer<NeighborKey> { keys + node * capacity }

  /// The farthest distance that could still enter; infinity while there is room.
  func threshold(of node: Int) -> Float {
    let lock = locks + node % Self.stripeCount
    while lock.pointee.exchange(true, ordering: .acquiring) {}
    defer { lock.pointee.store(false, ordering: .releasing) }
    let last = keys[node * capacity + capacity - 1]
    return last == .none ? .infinity : last.distance
  }

  /// Merges `incoming` (ascending, no node twice) into the neighbours of `node`.
  ///
  /// - Parameter scratch: room for `capacity` keys.
  /// - Complexity: O(capacity + incoming.count), plus a look back for each key taken.
  func insert(
    _ incoming: UnsafeBufferPointer<NeighborKey>, for node: Int,
    scratch: UnsafeMutablePointer<NeighborKey>
  ) {
    guard !incoming.isEmpty else { return }
    let lock = locks + node % Self.stripeCount
    while lock.pointee.exchange(true, ordering: .acquiring) {}
    defer { lock.pointee.store(false, ordering: .releasing) }
    let own = keys + node * capacity
    var left = 0
    var right = 0
    var taken = 0
    while taken < capacity {
      let a = left < capacity ? own[left] : .none
      let b = right < incoming.count ? incoming[right] : .none
      let next = min(a, b)
      if next == .none { break }
      if a <= b { left += 1 }
      if b <= a { right += 1 }
      // The same pair can come with distances that differ in the last bits, when two products
      // rounded differently: look back over the keys that near.
      var repeated = false
      var back = taken - 1
      while back >= 0, next.distance - scratch[back].distance <= 1e-4 * abs(next.distance) + 1e-6 {
        if scratch[back].node == next.node {
          repeated = true
          break
        }
        back -= 1
      }
      if repeated { continue }
      scratch[taken] = next
      taken += 1
    }
    own.update(from: scratch, count: taken)
    for index in taken..<capacity { own[index] = .none }
  }
}
