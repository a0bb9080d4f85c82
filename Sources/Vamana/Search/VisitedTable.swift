/// The nodes a search has seen: a hash table that is never cleared.
///
/// Each entry holds the search's number and a node, so entries of earlier searches count as empty. A node
/// is looked for in a few places from its own on; when all are taken it pushes one out. Such a node is
/// scored again when it comes back, and may take a second place in the pool. (With one place each, two
/// nodes near the query that share it would push each other out hop after hop and fill the pool.)
struct VisitedTable {
  // SAFETY: `entries` has a power of two of entries, and the mask keeps every slot below it.
  private let entries: UnsafeMutablePointer<UInt64>
  private let mask: UInt32
  private let tag: UInt64

  private static let probeCount: UInt32 = 8

  /// - Parameter entryCount: a power of two.
  init(entries: UnsafeMutablePointer<UInt64>, entryCount: Int, epoch: UInt32) {
    self.entries = entries
    mask = UInt32(entryCount - 1)
    tag = UInt64(epoch) << 32
  }

  // Neighbouring ids must not crowd: Fibonacci hashing spreads them.
  @inline(__always)
  private func slot(of node: UInt32, probe: UInt32) -> Int {
    Int(((node &* 0x9e37_79b1) >> 7 &+ probe) & mask)
  }

  /// Whether `node` has been seen.
  @inline(__always)
  func contains(_ node: UInt32) -> Bool {
    let entry = tag | UInt64(node)
    for probe in 0..<Self.probeCount {
      let found = entries[slot(of: node, probe: probe)]
      if found == entry { return true }
      if found ^ tag > UInt64(UInt32.max) { return false }
    }
    return false
  }

  /// Marks `node`; returns whether it had not been seen.
  @inline(__always)
  func insert(_ node: UInt32) -> Bool {
    let entry = tag | UInt64(node)
    var place = slot(of: node, probe: 0)
    for probe in 0..<Self.probeCount {
      place = slot(of: node, probe: probe)
      let found = entries[place]
      if found == entry { return false }
      if found ^ tag > UInt64(UInt32.max) { break }
    }
    entries[place] = entry
    return true
  }
}
