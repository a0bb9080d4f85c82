internal import Synchronization
internal import VectorMath

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

  /// Whether a pair has the same distance whenever it is compared.
  private let pairsAreExact = DistanceKernels.best.hasPairwise

  init(nodeCount: Int, capacity: Int) {
    self.nodeCount = nodeCount
    self.capacity = capacity
    let byteCount = max(1, nodeCount * capacity) * MemoryLayout<NeighborKey>.stride
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: byteCount, alignment: HugePages.alignment(for: byteCount))
    HugePages.advise(memory, byteCount: byteCount)
    keys = memory.bindMemory(to: NeighborKey.self, capacity: nodeCount * capacity)
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

  /// Asks for the neighbours of `node` ahead of an insertion.
  func prefetch(_ node: Int) {
    DistanceKernels.prefetchLines(
      keys + node * capacity, byteCount: capacity * MemoryLayout<NeighborKey>.stride)
  }

  /// Merges `incoming` (in any order, no node twice) into the neighbours of `node`.
  ///
  /// - Parameter incoming: what it holds afterwards is of no use.
  /// - Complexity: O(capacity + incoming.count), and a sort of what is new.
  func insert(
    _ incoming: UnsafeMutableBufferPointer<NeighborKey>, for node: Int, scratch: ReservoirScratch
  ) {
    guard let fresh = incoming.baseAddress else { return }
    let lock = locks + node % Self.stripeCount
    while lock.pointee.exchange(true, ordering: .acquiring) {}
    defer { lock.pointee.store(false, ordering: .releasing) }
    let own = keys + node * capacity
    var held = 0
    while held < capacity, own[held] != .none {
      scratch.mark(own[held].node)
      held += 1
    }
    let worst = own[capacity - 1]
    var count = 0
    for key in incoming where key < worst {
      guard scratch.isMarked(key.node) else {
        fresh[count] = key
        count += 1
        continue
      }
      if !pairsAreExact { replace(own, count: held, by: key) }
    }
    for index in 0..<held { scratch.unmark(own[index].node) }
    guard count > 0 else { return }
    count = SmallSort.sort(fresh, count: count, keeping: capacity)
    merge(own, count: held, with: fresh, count: count, scratch: scratch.merged)
  }

  private func merge(
    _ own: UnsafeMutablePointer<NeighborKey>, count held: Int,
    with fresh: UnsafeMutablePointer<NeighborKey>, count: Int,
    scratch merged: UnsafeMutablePointer<NeighborKey>
  ) {
    // What stands before the first new key stays where it is.
    var left = 0
    while left < held, own[left] < fresh[0] { left += 1 }
    let start = left
    var right = 0
    let total = min(capacity, held + count)
    for slot in start..<max(start, total) {
      let a = left < held ? own[left] : .none
      let b = right < count ? fresh[right] : .none
      merged[slot] = min(a, b)
      left += a < b ? 1 : 0
      right += a < b ? 0 : 1
    }
    if total > start { (own + start).update(from: merged + start, count: total - start) }
  }

  /// The same pair can come with distances that differ in the last bits, when two products of floats
  /// rounded differently: the least is kept, whatever the order.
  private func replace(_ own: UnsafeMutablePointer<NeighborKey>, count: Int, by key: NeighborKey) {
    guard var slot = (0..<count).first(where: { own[$0].node == key.node }), key < own[slot] else {
      return
    }
    while slot > 0, own[slot - 1] > key {
      own[slot] = own[slot - 1]
      slot -= 1
    }
    own[slot] = key
  }
}
