internal import VectorMath

/// The caller's ids of all nodes, read from a file into memory.
final class RecordIDTable: @unchecked Sendable {
  // SAFETY: written in `init`, then only read.
  private let storage: UnsafeMutablePointer<UInt64>
  private let count: Int

  /// Valid as long as the table.
  var list: RecordIDList { RecordIDList(ids: storage, count: count) }

  /// Reads the section and compares its checksum.
  init(of head: SegmentHead, from file: SegmentFile) throws(VamanaError) {
    count = head.layout.header.count
    storage = .allocate(capacity: max(1, count))
    let bytes = UnsafeMutableRawBufferPointer(start: storage, count: count * 8)
    // All properties are set: where this throws, `deinit` frees the storage.
    try file.read(into: bytes, at: head.layout[.recordIDs].lowerBound)
    let stored = try SegmentHead.checksum(of: .recordIDs, in: head.bytes, layout: head.layout)
    guard CRC32C.checksum(of: UnsafeRawBufferPointer(bytes)) == stored else {
      throw .checksumMismatch(section: "\(SegmentSection.recordIDs)")
    }
  }

  deinit { storage.deallocate() }
}
