import CLMDB

/// Counts the open transactions of an environment in this process, because its map may only be
/// replaced while there are none.
struct TransactionGate {
  /// Open transactions, but for the pinned.
  var activeCount = 0
  /// Transactions held for as long as an object lives. They do not read in the map, so that it may be replaced.
  var pinnedCount = 0
  /// While the map is replaced, no transaction may begin.
  var isReplacingMap = false
  /// Set when the map could neither be replaced nor put back.
  var isBroken = false
  /// Bytes of address space of the map.
  var mapBytes: Int
  private var idleReaders: [IdleReader] = []

  init(mapBytes: Int) { self.mapBytes = mapBytes }

  /// Idle readers kept; each takes a place in the table of readers.
  static let idleReadersMax = 16

  mutating func takeIdleReader() -> IdleReader? { idleReaders.popLast() }

  mutating func takeIdleReaders() -> [IdleReader] {
    defer { idleReaders = [] }
    return idleReaders
  }

  /// Keeps a reader for the next transaction; false when there are enough.
  mutating func keepIdleReader(_ reader: IdleReader) -> Bool {
    guard idleReaders.count < Self.idleReadersMax else { return false }
    idleReaders.append(reader)
    return true
  }
}
