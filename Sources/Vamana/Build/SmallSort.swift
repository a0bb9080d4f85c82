/// Sorting of the short lists of keys that builds are full of, without the standard sort's allocation.
enum SmallSort {
  /// Brings the nearest `limit` of `count` keys to the front, ascending.
  ///
  /// - Returns: how many those are.
  /// - Complexity: about count^1.3 comparisons, by Shell's method with Knuth's gaps.
  static func sort(_ keys: UnsafeMutablePointer<NeighborKey>, count: Int, keeping limit: Int) -> Int
  {
    // SAFETY: the caller vouches for `count` keys.
    var gap = 1
    while gap < count / 3 { gap = 3 * gap + 1 }
    while gap >= 1 {
      for index in stride(from: gap, to: count, by: 1) {
        let key = keys[index]
        var slot = index
        while slot >= gap, keys[slot - gap] > key {
          keys[slot] = keys[slot - gap]
          slot -= gap
        }
        keys[slot] = key
      }
      gap /= 3
    }
    return min(count, limit)
  }
}
