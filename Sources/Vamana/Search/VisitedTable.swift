/// The nodes a search has seen: a hash table that is not cleared between searches.
///
/// An entry of 32 bits holds the search's number, how many places on from its own a node stands, and what its
/// place leaves open of the node: the multiplication that spreads nodes can be undone, so no two share all
/// three. (Cleary, "Compact Hash Tables Using Bidirectional Linear Probing", IEEE Transactions on Computers
/// 33, 1984.) Half the size of entries with whole nodes: tables of several walks stay in the first-level cache,
/// whose misses would have to wait for records on their way.
///
/// Entries of earlier searches count as empty. When all places of a node are taken it pushes one out. Such a
/// node is scored again when it comes back, and may take a second place in the pool. (With one place each, two
/// nodes near the query that share it would push each other out hop after hop and fill the pool.)
struct VisitedTable {
  // SAFETY: there are 2 to the power of `placeBits` entries, and the mask keeps every slot below that.
  private let entries: UnsafeMutablePointer<UInt32>
  private let mask: UInt32
  /// The bits of a node's product that its place does not tell.
  private let remainderBits: UInt32
  private let tag: UInt32

  private static let probeBits: UInt32 = 3
  private static let probeCount: UInt32 = 1 << probeBits
  /// Sizes of a table, as logarithms.
  static let placeBitsRange = 6...24

  /// The number of the last search before the entries have to be cleared; 0 is that of cleared ones.
  static func epochMax(placeBits: Int) -> UInt32 { 1 << (UInt32(placeBits) - probeBits) - 1 }

  /// - Parameters:
  ///   - placeBits: the logarithm of the number of entries, within ``placeBitsRange``.
  ///   - epoch: the search's number, 1 to ``epochMax(placeBits:)``.
  init(entries: UnsafeMutablePointer<UInt32>, placeBits: Int, epoch: UInt32) {
    self.entries = entries
    mask = 1 << UInt32(placeBits) - 1
    remainderBits = 32 - UInt32(placeBits)
    tag = epoch << (remainderBits + Self.probeBits)
  }

  /// Neighbouring nodes must not crowd: the upper bits of Fibonacci hashing spread them.
  @inline(__always)
  private func product(of node: UInt32) -> UInt32 { node &* 0x9e37_79b1 }

  @inline(__always)
  private func slot(_ product: UInt32, _ probe: UInt32) -> Int {
    Int((product &>> remainderBits &+ probe) & mask)
  }

  @inline(__always)
  private func entry(_ product: UInt32, _ probe: UInt32) -> UInt32 {
    tag | probe &<< remainderBits | (product & (1 &<< remainderBits &- 1))
  }

  @inline(__always)
  private func isEmpty(_ entry: UInt32) -> Bool {
    (entry ^ tag) &>> (remainderBits &+ Self.probeBits) != 0
  }

  /// Whether `node` has been seen.
  @inline(__always)
  func contains(_ node: UInt32) -> Bool {
    let product = product(of: node)
    for probe in 0..<Self.probeCount {
      let found = entries[slot(product, probe)]
      if found == entry(product, probe) { return true }
      if isEmpty(found) { return false }
    }
    return false
  }

  /// Marks `node`; returns whether it had not been seen.
  ///
  /// Whether it had cannot be guessed, so in the first place, where nearly all end, nothing branches on it.
  @inline(__always)
  func insert(_ node: UInt32) -> Bool {
    let product = product(of: node)
    let place = slot(product, 0)
    let wanted = entry(product, 0)
    let found = entries[place]
    let isSeen = found == wanted
    guard isSeen || isEmpty(found) else { return insert(product: product, from: 1) }
    entries[place] = wanted
    return !isSeen
  }

  private func insert(product: UInt32, from firstProbe: UInt32) -> Bool {
    var probe = firstProbe
    while true {
      let place = slot(product, probe)
      let wanted = entry(product, probe)
      let found = entries[place]
      if found == wanted { return false }
      if isEmpty(found) || probe == Self.probeCount &- 1 {
        entries[place] = wanted
        return true
      }
      probe &+= 1
    }
  }
}
