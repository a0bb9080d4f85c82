/// The nearest nodes that a walk has reached, by the distance of their byte codes.
struct ReachedNodes {
  // SAFETY: `keys` has room for `capacity` keys, at least one.
  private let keys: UnsafeMutablePointer<NeighborKey>
  private let capacity: Int
  private(set) var count = 0

  init(keys: UnsafeMutablePointer<NeighborKey>, capacity: Int) {
    self.keys = keys
    self.capacity = capacity
  }

  subscript(index: Int) -> NeighborKey { keys[index] }

  /// Adds a node that has not been added before, unless `capacity` nearer ones are there.
  @inline(__always)
  mutating func insert(_ key: NeighborKey) {
    var place = count
    if count == capacity {
      guard key < keys[count &- 1] else { return }
      place = count &- 1
    } else {
      count &+= 1
    }
    while place > 0, keys[place &- 1] > key {
      keys[place] = keys[place &- 1]
      place &-= 1
    }
    keys[place] = key
  }
}
