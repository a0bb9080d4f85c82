import GRDBSQLite

/// The texts that are bound to a statement, in one piece of memory: SQLite would allocate, copy and free each of the
/// hundreds that a statement for many rows takes.
struct BoundTexts {
  // SAFETY: `run` frees it after the bindings that point into it have been cleared.
  private let bytes: UnsafeMutablePointer<CChar>
  private let byteCount: Int
  /// Bytes of the texts that are bound.
  private var offset = 0

  /// Room for the texts among `values`.
  init(for values: [SQLValue]) {
    var byteCount = 0
    for case .text(let text) in values { byteCount += text.utf8.count }
    self.byteCount = byteCount
    bytes = .allocate(capacity: max(1, byteCount))
  }

  func deallocate() { bytes.deallocate() }

  /// Copies a text and binds it; each of those that there is room for once.
  ///
  /// - Returns: SQLite's code.
  mutating func bind(_ text: String, to statement: OpaquePointer, at index: Int32) -> Int32 {
    let start = bytes + offset
    let count = Self.copy(
      text, to: UnsafeMutableRawBufferPointer(start: start, count: byteCount - offset))
    offset += count
    // No destructor: SQLite neither copies nor frees the bytes.
    return sqlite3_bind_text64(
      statement, index, start, sqlite3_uint64(count), nil, UInt8(SQLITE_UTF8))
  }

  private static func copy(_ text: String, to destination: UnsafeMutableRawBufferPointer) -> Int {
    let copied = text.utf8.withContiguousStorageIfAvailable { source in
      // Traps where there is no room.
      destination.copyMemory(from: UnsafeRawBufferPointer(source))
      return source.count
    }
    if let copied { return copied }
    let bytes = Array(text.utf8)
    bytes.withUnsafeBytes { destination.copyMemory(from: $0) }
    return bytes.count
  }
}
