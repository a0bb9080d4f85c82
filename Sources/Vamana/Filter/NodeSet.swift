/// A set of nodes as a bitmap in memory that someone else owns.
struct NodeSet {
  // SAFETY: the owner keeps a bit for every node of the segment, and nodes are compared with the
  // segment's count before they come here.
  private let words: UnsafePointer<UInt64>

  init(words: UnsafePointer<UInt64>) { self.words = words }

  @inline(__always)
  func contains(_ node: UInt32) -> Bool { words[Int(node >> 6)] >> UInt64(node & 63) & 1 == 1 }
}
