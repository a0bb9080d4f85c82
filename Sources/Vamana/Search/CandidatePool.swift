internal import VectorMath

/// The best candidates of a search, nearest first, in one sorted array of keys.
///
/// The lowest bit of a key says that the node has been expanded. Memory belongs to the scratch.
struct CandidatePool {
  // SAFETY: `keys` has room for `capacity` keys, at least one, and for `KeyList.room(forCapacity: capacity)` where
  // many are added at once; every index below is less than `count`, and `count` never exceeds `capacity`.
  private let keys: UnsafeMutablePointer<NeighborKey>
  let capacity: Int
  private var list = KeyList()

  init(keys: UnsafeMutablePointer<NeighborKey>, capacity: Int) {
    self.keys = keys
    self.capacity = capacity
  }

  @inline(__always)
  var count: Int { list.count }

  @inline(__always)
  subscript(index: Int) -> NeighborKey { keys[index] }

  /// Candidates that are not nearer than this cannot enter.
  @inline(__always)
  var threshold: Float { count == capacity ? keys[count &- 1].distance : .infinity }

  /// The nearest node that has not been expanded, now marked so; nil if it is farther than `limit`.
  @inline(__always)
  mutating func popNearest(within limit: Float = .infinity) -> UInt32? {
    while list.first < count {
      let key = keys[list.first]
      if key & 1 == 0 {
        guard key.distance <= limit else { return nil }
        keys[list.first] = key | 1
        passFirst()
        return key.node
      }
      passFirst()
    }
    return nil
  }

  @inline(__always)
  private mutating func passFirst() {
    list.first = list.second
    list.second &+= 1
  }

  /// The key of the node that ``popNearest(within:)`` would return next, or ``NeighborKey/none``.
  @inline(__always)
  var next: NeighborKey {
    var index = list.first
    while index < count {
      if keys[index] & 1 == 0 { return keys[index] }
      index = index == list.first ? list.second : index &+ 1
    }
    return .none
  }

  /// Adds candidates unless they are too far.
  ///
  /// A node is added once a walk, but for rare collisions in the table of visited nodes; a repeat with
  /// the same distance is dropped here.
  ///
  /// - Complexity: O(count · capacity), see ``DistanceKernels/insert(_:count:into:list:capacity:)``.
  @inline(__always)
  mutating func insert(
    _ added: UnsafePointer<NeighborKey>, count: Int, kernels: DistanceKernels
  ) {
    kernels.insert(added, count: count, into: keys, list: &list, capacity: capacity)
  }

  /// Adds one candidate unless it is too far.
  ///
  /// - Complexity: O(capacity), from the far end, where most candidates belong.
  @inline(__always)
  mutating func insert(_ key: NeighborKey) {
    var place = count
    if count == capacity {
      guard key < keys[count &- 1] & ~1 else { return }
      place = count &- 1
    }
    var low = 0
    var high = place
    while low < high {
      let middle = (low &+ high) >> 1
      if keys[middle] & ~1 < key { low = middle &+ 1 } else { high = middle }
    }
    if low < count, keys[low] & ~1 == key { return }
    if place > low { (keys + (low &+ 1)).update(from: keys + low, count: place &- low) }
    keys[low] = key
    list.count = place &+ 1
    if low <= list.first {
      list.first = low
      list.second = low &+ 1
    } else if low < list.second {
      list.second = low
    }
  }
}
