/// A node that a search is not to see, as if it had never been indexed.
struct HeldOutNode {
  let node: UInt32
  /// For the nodes with an edge to it: where that edge would lead instead.
  let substitutes: [UInt32: UInt32]
}
