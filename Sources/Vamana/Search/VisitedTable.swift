/// The nodes a search has seen: a direct-mapped table that is never cleared.
///
/// Each entry holds the search's number and a node, so entries of earlier searches do not count. Two
/// nodes that share an entry push each other out, which costs a distance computed twice and nothing
/// else: the pool drops repeats.
struct VisitedTable {
  // SAFETY: `entries` has a power of two of entries, and the mask keeps every slot below it.
  private let entries: UnsafeMutablePointer<UInt64>
  private let mask: UInt32
  private let tag: UInt64

  /// - Parameter entryCount: a power of two.
  init(entries: UnsafeMutablePointer<UInt64>, entryCount: Int, epoch: UInt32) {
    self.entries = entries
    mask = UInt32(entryCount - 1)
    tag = UInt64(epoch) << 32
  }

  /// Marks `node`; returns whether it had not been seen.
  @inline(__always)
  func insert(_ node: UInt32) -> Bool {
    // Neighbouring ids must not crowd: Fibonacci hashing spreads them.
    let slot = Int((node &* 0x9e37_79b1) >> 7 & mask)
    let entry = tag | UInt64(node)
    if entries[slot] == entry { return false }
    entries[slot] = entry
    return true
  }
}
