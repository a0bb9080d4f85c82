/// A set of nodes as a bitmap.
struct NodeSet {
  private var words: [UInt64]

  init(_ nodes: [UInt32], nodeCount: Int) {
    words = [UInt64](repeating: 0, count: (nodeCount + 63) / 64)
    for node in nodes { words[Int(node >> 6)] |= 1 << UInt64(node & 63) }
  }

  @inline(__always)
  func contains(_ node: UInt32) -> Bool { words[Int(node >> 6)] >> UInt64(node & 63) & 1 == 1 }
}
