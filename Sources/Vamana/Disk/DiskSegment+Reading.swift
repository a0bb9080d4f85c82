internal import VectorMath

extension DiskSegment {
  /// A read that takes longer has waited for the disk: the page cache answers in a few
  /// microseconds, disks in 50 or more.
  private static let waitNanoseconds: UInt64 = 20_000

  /// The record of `node`, from the cache or the file; valid until the next read into `buffer`.
  ///
  /// - Parameters:
  ///   - node: below `count`.
  ///   - buffer: prepared for `layout.node.readByteCount`.
  /// - Throws: ``VamanaError/fileFailed(path:offset:problem:)``.
  @inline(__always)
  func record(
    of node: UInt32, buffer: RecordBuffer, statistics: inout SearchStatistics
  ) throws(VamanaError) -> UnsafeRawPointer {
    if let record = cache.record(of: node) {
      statistics.cachedRecordCount &+= 1
      return record
    }
    return try readRecord(of: node, into: buffer, statistics: &statistics)
  }

  /// Reads one record and checks it.
  func readRecord(
    of node: UInt32, into buffer: RecordBuffer, statistics: inout SearchStatistics
  ) throws(VamanaError) -> UnsafeRawPointer {
    let layout = self.layout.node
    let offset = offset(of: node)
    let bytes = UnsafeMutableRawBufferPointer(
      start: buffer.record.base, count: layout.readByteCount)
    let start = SegmentFile.nanoseconds
    try file.read(into: bytes, at: offset)
    buffer.readsWait = SegmentFile.nanoseconds &- start > Self.waitNanoseconds
    statistics.readCount &+= 1
    statistics.readByteCount &+= layout.readByteCount
    if buffer.readsWait { statistics.waitedReadCount &+= 1 }
    let record = UnsafeRawPointer(buffer.record.base)
    guard !options.verifiesRecords || NodeSeal.isIntact(record, node: node, layout: layout) else {
      throw .fileFailed(
        path: file.path, offset: offset,
        problem: "the record of node \(node) does not match its checksum: damaged")
    }
    return record
  }

  /// Asks the system for the record of `node`, unless it is at hand or was asked for lately.
  func readAhead(of node: UInt32, buffer: RecordBuffer) {
    guard cache.record(of: node) == nil, buffer.ask(for: node) else { return }
    file.readAhead(layout.node.readByteCount, at: offset(of: node))
  }

  private func offset(of node: UInt32) -> Int {
    layout[.nodes].lowerBound + Int(node) * layout.node.stride
  }

  /// The vector of a record (unit length for cosine), or nil if the segment does not hold it.
  ///
  /// Every component is given to within 1/65,000 of the largest deviation from the segment's mean.
  ///
  /// - Throws: ``VamanaError/fileFailed(path:offset:problem:)``.
  public func vector(of recordID: UInt64) throws(VamanaError) -> [Float]? {
    let table = try recordIDList()
    let node = table.list.lowerBound(of: recordID)
    guard node < count, table.list[node] == recordID else { return nil }
    let buffer = RecordBuffer()
    buffer.prepare(byteCount: layout.node.readByteCount)
    var statistics = SearchStatistics()
    let record = try record(of: UInt32(node), buffer: buffer, statistics: &statistics)
    let low = (record + layout.node.lowOffset).assumingMemoryBound(to: Int8.self)
    let vector = [Float](unsafeUninitializedCapacity: dimension) { out, filled in
      // SAFETY: the record holds the row and its low bytes; `out` has room for `dimension` floats.
      quantizer.decode(record + layout.node.rowOffset, low: low, into: out.baseAddress!)
      filled = dimension
    }
    withExtendedLifetime(buffer) {}
    return vector
  }

  /// The caller's ids, ascending. They stay in memory from then on: 8 bytes each.
  public func recordIDs() throws(VamanaError) -> [UInt64] {
    let table = try recordIDList()
    return (0..<count).map { table.list[$0] }
  }

  /// Reads every record and the record ids, and compares them with their checksums.
  ///
  /// - Throws: ``VamanaError/fileFailed(path:offset:problem:)`` for the first record that is damaged, or
  ///   ``VamanaError/checksumMismatch(section:)``.
  /// - Complexity: O(bytes).
  public func verify() throws(VamanaError) {
    let table = try recordIDList()
    let stride = layout.node.stride
    let recordsAtOnce = max(1, (1 << 20) / stride)
    let block = ScratchBlock<UInt8>()
    block.reserve(recordsAtOnce * stride)
    for first in Swift.stride(from: 0, to: count, by: recordsAtOnce) {
      let end = min(count, first + recordsAtOnce)
      // SAFETY: the block has room for `recordsAtOnce` records.
      try file.read(
        into: UnsafeMutableRawBufferPointer(start: block.base, count: (end - first) * stride),
        at: offset(of: UInt32(first)))
      for node in first..<end {
        let record = UnsafeRawPointer(block.base + (node - first) * stride)
        guard NodeSeal.isIntact(record, node: UInt32(node), layout: layout.node),
          NodeSeal.recordID(of: record, layout: layout.node) == table.list[node]
        else {
          throw .fileFailed(
            path: file.path, offset: offset(of: UInt32(node)),
            problem: "the record of node \(node) does not match its checksum: damaged")
        }
      }
    }
  }
}
