internal import VectorMath

/// What the vectors of one leaf found near, a list each, in memory that is used for leaf after leaf.
final class LeafLists {
  // SAFETY: lists hold at most `2 · kept + added` keys: `trim` runs after each step that adds `added`.
  let near: NearLists
  private let rowCount: Int
  private let kept: Int

  /// - Parameters:
  ///   - kept: how many of the nearest are of use, at most.
  ///   - added: how many one step adds to a list, at most.
  init(rowCount: Int, kept: Int, added: Int) {
    self.rowCount = rowCount
    self.kept = kept
    // An odd number of cache lines, so that the ends of lists do not share the same few places of a cache.
    let stride = (2 * kept + added + 7) / 16 * 16 + 8
    near = NearLists(
      limits: .allocate(capacity: rowCount), keys: .allocate(capacity: rowCount * stride),
      stride: stride, counts: .allocate(capacity: rowCount))
    near.limits.initialize(repeating: 0, count: rowCount)
    near.counts.initialize(repeating: 0, count: rowCount)
  }

  deinit {
    near.limits.deallocate()
    near.keys.deallocate()
    near.counts.deallocate()
  }

  func begin(rowCount: Int) { near.counts.update(repeating: 0, count: rowCount) }

  /// Adds what is below the row's limit among `columns` of its distances.
  func add(_ distances: UnsafePointer<Float>, columns: Range<Int>, to row: Int) {
    let limit = near.limits[row]
    let keys = near.keys + row * near.stride
    var count = Int(near.counts[row])
    for column in columns where distances[column] < limit && column != row {
      keys[count] = UInt64(distances[column].bitPattern) << 32 | UInt64(column)
      count += 1
    }
    near.counts[row] = UInt32(count)
  }

  /// Makes room in lists that have become long: only the nearest stay, and the limit falls to the last.
  func trim(_ rows: Range<Int>) {
    for row in rows where near.counts[row] > UInt32(2 * kept) {
      assert(Int(near.counts[row]) <= near.stride, "a step adds no more than a list has room for")
      let keys = near.keys + row * near.stride
      let count = SmallSort.sort(keys, count: Int(near.counts[row]), keeping: kept)
      near.counts[row] = UInt32(count)
      near.limits[row] = Float(bitPattern: UInt32(truncatingIfNeeded: keys[count - 1] >> 32))
    }
  }

  /// The list of `row`, in no order, as keys of the nodes of the leaf.
  func keys(
    of row: Int, in leaf: UnsafeBufferPointer<UInt32>
  ) -> UnsafeMutableBufferPointer<NeighborKey> {
    let keys = near.keys + row * near.stride
    let count = Int(near.counts[row])
    for index in 0..<count {
      let distance = Float(bitPattern: UInt32(truncatingIfNeeded: keys[index] >> 32))
      let place = UInt32(truncatingIfNeeded: keys[index])
      keys[index] = NeighborKey(distance: distance, node: leaf[Int(place)])
    }
    return UnsafeMutableBufferPointer(start: keys, count: count)
  }
}
