/// Keys of which only the least are wanted, in no order.
struct NeighborKeys {
  // SAFETY: `keys` has room for all keys the owner appends.
  let keys: UnsafeMutablePointer<NeighborKey>
  private(set) var count = 0

  init(keys: UnsafeMutablePointer<NeighborKey>) { self.keys = keys }

  @inline(__always)
  mutating func append(_ key: NeighborKey) {
    keys[count] = key
    count &+= 1
  }

  /// Keeps the keys whose distance is below `limit`.
  ///
  /// - Complexity: O(count), without branches.
  mutating func keep(below limit: Float) {
    let bound = NeighborKey(distance: limit, node: 0)
    var kept = 0
    for index in 0..<count {
      let key = keys[index]
      keys[kept] = key
      kept &+= key < bound ? 1 : 0
    }
    count = kept
  }

  /// Keeps the least `wanted` keys; returns the distance of the last of them.
  ///
  /// - Complexity: O(count) on average (Hoare's selection).
  mutating func keepLeast(_ wanted: Int) -> Float {
    guard count > wanted else { return .infinity }
    let last = wanted - 1
    var low = 0
    var high = count - 1
    while low < high {
      let pivot = Self.median(keys[low], keys[(low + high) / 2], keys[high])
      var left = low
      var right = high
      while left <= right {
        while keys[left] < pivot { left &+= 1 }
        while keys[right] > pivot { right &-= 1 }
        guard left <= right else { break }
        (keys[left], keys[right]) = (keys[right], keys[left])
        left &+= 1
        right &-= 1
      }
      if last <= right {
        high = right
      } else if last >= left {
        low = left
      } else {
        break
      }
    }
    count = wanted
    return keys[last].distance
  }

  private static func median(
    _ first: NeighborKey, _ second: NeighborKey, _ third: NeighborKey
  ) -> NeighborKey {
    max(min(first, second), min(max(first, second), third))
  }
}
