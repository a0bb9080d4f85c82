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

  /// The nearest node that has not been expanded, now marked so.
  @inline(__always)
  mutating func popNearest() -> UInt32? {
    while cursor < count {
      let key = keys[cursor]
      if key & 1 == 0 {
        keys[cursor] = key | 1
        cursor &+= 1
        return key.node
      }
      cursor &+= 1
    }
    return nil
  }

  /// The node that ``popNearest()`` would return next.
  @inline(__always)
  var next: UInt32? {
    var index = cursor
    while index < count {
      if keys[index] & 1 == 0 { return keys[index].node }
      index &+= 1
    }
    return nil
  }

  /// Adds a candidate unless it is too far or already there.
  ///
  /// - Complexity: O(log capacity) comparisons and one move of memory.
  @inline(__always)
  mutating func insert(_ key: NeighborKey) {
    if count == capacity, key >= keys[count &- 1] { return }
    var low = 0
    var high = count
    while low < high {
      let middle = (low &+ high) >> 1
      if keys[middle] & ~1 < key { low = middle &+ 1 } else { high = middle }
    }
    if low < count, keys[low] & ~1 == key { return }
    let end = count == capacity ? count &- 1 : count
    (keys + (low &+ 1)).update(from: keys + low, count: end &- low)
    keys[low] = key
    count = end &+ 1
    if low < cursor { cursor = low }
  }
}
