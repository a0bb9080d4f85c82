/// The memory of one thread that inserts into reservoirs.
final class ReservoirScratch {
  // SAFETY: a bit for every node, and room for the keys of one reservoir.
  let marks: UnsafeMutablePointer<UInt64>
  let merged: UnsafeMutablePointer<NeighborKey>

  init(nodeCount: Int, capacity: Int) {
    let words = nodeCount / 64 + 1
    marks = .allocate(capacity: words)
    marks.initialize(repeating: 0, count: words)
    merged = .allocate(capacity: max(1, capacity))
  }

  deinit {
    marks.deallocate()
    merged.deallocate()
  }

  @inline(__always)
  func mark(_ node: UInt32) { marks[Int(node >> 6)] |= 1 << UInt64(node & 63) }

  @inline(__always)
  func unmark(_ node: UInt32) { marks[Int(node >> 6)] = 0 }

  @inline(__always)
  func isMarked(_ node: UInt32) -> Bool { marks[Int(node >> 6)] >> UInt64(node & 63) & 1 == 1 }
}
