/// The entries of tables of one size, and the number of the search that used them last.
final class VisitedMemory {
  // SAFETY: as many entries as `placeBits` says.
  private let entries: UnsafeMutablePointer<UInt32>
  private let placeBits: Int
  private var epoch: UInt32 = 0

  init(placeBits: Int) {
    self.placeBits = placeBits
    entries = .allocate(capacity: 1 << placeBits)
    entries.initialize(repeating: 0, count: 1 << placeBits)
  }

  deinit { entries.deallocate() }

  /// An empty table; the one before must not be used any more.
  func next() -> VisitedTable {
    if epoch == VisitedTable.epochMax(placeBits: placeBits) {
      entries.update(repeating: 0, count: 1 << placeBits)
      epoch = 0
    }
    epoch += 1
    return VisitedTable(entries: entries, placeBits: placeBits, epoch: epoch)
  }
}
