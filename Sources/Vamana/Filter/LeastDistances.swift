/// The least distances of those seen, as a heap with the largest of them at the root.
struct LeastDistances {
  // SAFETY: `values` has room for `capacity` numbers, at least one; indices below are less than `count`.
  private let values: UnsafeMutablePointer<Float>
  private let capacity: Int
  private var count = 0

  init(values: UnsafeMutablePointer<Float>, capacity: Int) {
    self.values = values
    self.capacity = capacity
  }

  /// The largest of the least, once there are as many as wanted.
  @inline(__always)
  var farthest: Float { count == capacity ? values[0] : .infinity }

  /// - Complexity: O(log capacity).
  @inline(__always)
  mutating func insert(_ value: Float) {
    if count == capacity {
      guard value < values[0] else { return }
      sink(value)
    } else {
      var place = count
      count &+= 1
      while place > 0, values[(place &- 1) >> 1] < value {
        values[place] = values[(place &- 1) >> 1]
        place = (place &- 1) >> 1
      }
      values[place] = value
    }
  }

  /// Replaces the largest value.
  private func sink(_ value: Float) {
    var place = 0
    while true {
      var child = 2 &* place &+ 1
      guard child < count else { break }
      if child &+ 1 < count, values[child &+ 1] > values[child] { child &+= 1 }
      guard values[child] > value else { break }
      values[place] = values[child]
      place = child
    }
    values[place] = value
  }
}
