/// The best candidates of a search, nearest first, in one sorted array of keys.
///
/// The lowest bit of a key says that the node has been expanded. Memory belongs to the scratch.
struct CandidatePool {
  // SAFETY: `keys` has room for `capacity` keys, at least one; every index below is less than
  // `count`, and `count` never exceeds `capacity`.
  private let keys: UnsafeMutablePointer<NeighborKey>
  private let capacity: Int
  private(set) var count = 0
  /// Everything before this place has been expanded.
  private var cursor = 0

  init(keys: UnsafeMutablePointer<NeighborKey>, capacity: Int) {
    self.keys = keys
    self.capacity = capacity
  }

  @inline(__always)
  subscript(index: Int) -> NeighborKey { keys[index] }

  /// Candidates that are not nearer than this cannot enter.
  @inline(__always)
  var threshold: Float { count == capacity ? keys[count &- 1].distance : .infinity }

  /// The nearest node that has not been expanded, now marked so; nil if it is farther than `limit`.
  @inline(__always)
  mutating func popNearest(within limit: Float = .infinity) -> UInt32? {
    while cursor < count {
      let key = keys[cursor]
      if key & 1 == 0 {
        guard key.distance <= limit else { return nil }
        keys[cursor] = key | 1
        cursor &+= 1
        return key.node
      }
      cursor &+= 1
    }
    return nil
  }

  /// The key of the node that ``popNearest(within:)`` would return next, or ``NeighborKey/none``.
  @inline(__always)
  var next: NeighborKey {
    var index = cursor
    while index < count {
      if keys[index] & 1 == 0 { return keys[index] }
      index &+= 1
    }
    return .none
  }

  /// Adds a candidate unless it is too far.
  ///
  /// A node is added once a walk, but for rare collisions in the table of visited nodes; a repeat with
  /// the same distance is dropped here.
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
    count = place &+ 1
    if low < cursor { cursor = low }
  }
}
