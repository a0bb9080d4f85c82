/// What the cache keeps of itself: name → checksum (``StoredChecksum``) and value.
///
/// A damaged value counts as missing. A missing watermark or origin has everything synchronised again, and
/// the rest can be counted anew.
enum RecordMetadata: String, CaseIterable {
  /// The sequence of the last change that the cache has.
  case watermark
  /// The name of the store that the records come from.
  case origin
  /// Bytes of the values of all episodes.
  case episodeBytes = "episode-bytes"
  /// ``CacheCounts`` of all processes.
  case counts
  /// What the count of puts of all processes was when a dictionary could not be made; see
  /// ``RecordCache/prepareDictionary(for:)``.
  case dictionaryRefused = "dictionary-refused"

  private var key: [UInt8] { Array(rawValue.utf8) }

  func value(
    in transaction: borrowing ReadTransaction, _ tables: RecordTables
  ) throws(CacheError) -> UnsafeRawBufferPointer? {
    guard let stored = try transaction.value(for: key, in: tables.metadata),
      StoredChecksum.isRight(stored, key: key, table: tables.metadata)
    else { return nil }
    return UnsafeRawBufferPointer(rebasing: stored[StoredChecksum.byteCount...])
  }

  func put(
    _ value: [UInt8], in transaction: borrowing WriteTransaction, _ tables: RecordTables
  ) throws(CacheError) {
    var stored = [UInt8](repeating: 0, count: StoredChecksum.byteCount) + value
    StoredChecksum.write(to: &stored, key: key, table: tables.metadata)
    try transaction.put(stored, for: key, in: tables.metadata)
  }

  func number(
    in transaction: borrowing ReadTransaction, _ tables: RecordTables
  ) throws(CacheError) -> Int64? {
    guard let value = try value(in: transaction, tables), value.count == 8 else { return nil }
    return Int64(littleEndian: value.loadUnaligned(as: Int64.self))
  }

  func put(
    _ number: Int64, in transaction: borrowing WriteTransaction, _ tables: RecordTables
  ) throws(CacheError) {
    try put(withUnsafeBytes(of: number.littleEndian) { Array($0) }, in: transaction, tables)
  }
}
