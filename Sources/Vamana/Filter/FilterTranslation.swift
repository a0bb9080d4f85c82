/// Finds the nodes of a segment that hold the records of a set. Nodes stand in the order of their ids.
struct FilterTranslation {
  // SAFETY: `words` has a bit for each id.
  private let ids: RecordIDList
  private let words: UnsafeMutablePointer<UInt64>

  private var count: Int { ids.count }

  init(ids: RecordIDList, words: UnsafeMutablePointer<UInt64>) {
    self.ids = ids
    self.words = words
  }

  /// Marks the nodes of `records`.
  ///
  /// - Complexity: O(matches), and O(log vectors) for a container.
  func mark(_ records: RecordBitmap) {
    var node = 0
    for (key, container) in zip(records.keys, records.containers) {
      let first = lowerBound(of: key << 16, from: node)
      guard first < count else { return }
      node = lowerBound(of: key << 16 | 0xffff, from: first)
      if node < count, id(of: node) == key << 16 | 0xffff { node += 1 }
      if first < node { mark(container, first..<node) }
    }
  }

  /// Marks the nodes of `range`, whose ids have one container, that are in it.
  private func mark(_ container: RecordContainer, _ range: Range<Int>) {
    let firstID = id(of: range.lowerBound)
    let low = UInt16(truncatingIfNeeded: firstID)
    let lastID = id(of: range.upperBound - 1)
    // Ids of an image that was not checked may stand in any order.
    if lastID >= firstID, lastID - firstID == UInt64(range.count - 1) {
      // Ids without gaps: a node is its id, shifted.
      copy(
        container, between: low, and: UInt16(truncatingIfNeeded: lastID),
        to: range.lowerBound - Int(low))
    } else if container.count * 8 < range.count {
      var node = range.lowerBound
      container.visit { value in
        guard value >= low else { return }
        let wanted = firstID & ~0xffff | UInt64(value)
        node = min(range.upperBound, lowerBound(of: wanted, from: node))
        if node < range.upperBound, id(of: node) == wanted { set(node) }
      }
    } else {
      let members = container.words
      for node in range {
        let value = UInt16(truncatingIfNeeded: id(of: node))
        if members[Int(value >> 6)] >> UInt64(value & 63) & 1 == 1 { set(node) }
      }
    }
  }

  /// Marks the node `shift + value` for each value of the container within the bounds.
  private func copy(
    _ container: RecordContainer, between low: UInt16, and high: UInt16, to shift: Int
  ) {
    // Ids that were not checked need not ascend.
    guard low <= high else { return }
    if case .array(let values) = container {
      for value in values where value >= low && value <= high { set(shift + Int(value)) }
      return
    }
    let members = container.words
    for word in Int(low >> 6)...Int(high >> 6) {
      var bits = members[word]
      if word == Int(low >> 6) { bits &= .max << UInt64(low & 63) }
      if word == Int(high >> 6) { bits &= .max >> UInt64(63 - high & 63) }
      guard bits != 0 else { continue }
      // No bit stands before the first node: those were masked.
      let place = shift + word << 6
      if place < 0 {
        words[0] |= bits >> UInt64(-place)
      } else {
        words[place >> 6] |= bits << UInt64(place & 63)
        let rest = place & 63 == 0 ? 0 : bits >> UInt64(64 - place & 63)
        if rest != 0 { words[place >> 6 + 1] |= rest }
      }
    }
  }

  @inline(__always)
  private func id(of node: Int) -> UInt64 { ids[node] }

  @inline(__always)
  private func set(_ node: Int) { words[node >> 6] |= 1 << UInt64(node & 63) }

  /// The first node from `start` on whose id is not below `wanted`.
  ///
  /// - Complexity: O(log of the distance to it).
  private func lowerBound(of wanted: UInt64, from start: Int) -> Int {
    var low = start
    var step = 1
    while low + step < count, id(of: low + step) < wanted {
      low += step
      step *= 2
    }
    var high = min(count, low + step)
    while low < high {
      let middle = (low + high) / 2
      if id(of: middle) < wanted { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
