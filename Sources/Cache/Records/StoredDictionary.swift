/// A dictionary in the table of dictionaries: number → checksum (4), number of samples that it was trained
/// on (4, little endian), its bytes.
struct StoredDictionary {
  private static let headerBytes = 8

  var id: UInt32
  var sampleCount: UInt32
  var bytes: [UInt8]

  static func key(_ id: UInt32) -> [UInt8] { RecordKey.number(UInt64(id)) }

  /// - Returns: nil when it is not there, or not what was written.
  static func find(
    _ id: UInt32, in transaction: borrowing ReadTransaction, tables: RecordTables
  ) -> StoredDictionary? {
    let key = key(id)
    guard let value = try? transaction.value(for: key, in: tables.dictionaries),
      value.count > headerBytes,
      StoredChecksum.isRight(value, key: key, table: tables.dictionaries)
    else { return nil }
    return StoredDictionary(
      id: id,
      sampleCount: UInt32(littleEndian: value.loadUnaligned(fromByteOffset: 4, as: UInt32.self)),
      bytes: Array(value[headerBytes...]))
  }

  static func ids(
    in transaction: borrowing ReadTransaction, tables: RecordTables
  ) throws(CacheError) -> [UInt32] {
    var ids: [UInt32] = []
    try transaction.forEach(in: tables.dictionaries) { key, _ in
      if let id = RecordKey.number(in: key).flatMap(UInt32.init(exactly:)) { ids.append(id) }
      return true
    }
    return ids
  }

  /// The one that learnt from the most samples. There is more than one only while another process still
  /// writes with the one before.
  static func latest(
    in transaction: borrowing ReadTransaction, tables: RecordTables
  ) throws(CacheError) -> StoredDictionary? {
    var latest: StoredDictionary?
    for id in try ids(in: transaction, tables: tables) {
      guard let found = find(id, in: transaction, tables: tables) else { continue }
      if found.sampleCount >= latest?.sampleCount ?? 0 { latest = found }
    }
    return latest
  }

  func value(key: [UInt8], table: Table) -> [UInt8] {
    var value: [UInt8] = [0, 0, 0, 0]
    withUnsafeBytes(of: sampleCount.littleEndian) { value += $0 }
    value += bytes
    StoredChecksum.write(to: &value, key: key, table: table)
    return value
  }
}
