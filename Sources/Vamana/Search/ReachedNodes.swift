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

  /// Adds a node, unless it or `capacity` nearer ones are there.
  @inline(__always)
  mutating func insert(_ key: NeighborKey) {
    if count == capacity, key >= keys[count &- 1] { return }
    var place = count
    while place > 0, keys[place &- 1] > key { place &-= 1 }
    // A node that was expanded twice comes with the same distance.
    if place > 0, keys[place &- 1] == key { return }
    let end = count == capacity ? count &- 1 : count
    (keys + (place &+ 1)).update(from: keys + place, count: end &- place)
    keys[place] = key
    count = end &+ 1
  }
}
