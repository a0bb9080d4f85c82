internal import Synchronization
public import VectorMath

/// An immutable index over vectors, searched in the file it was stored in: for more vectors than fit
/// in memory.
///
/// The image must have been built with ``VamanaConfiguration/placement`` `disk`. One hop of a search is
/// one read of one node's record, which holds the node's vector too. In memory are what stands before
/// the nodes, the cache of ``DiskSegmentOptions/cacheByteCount``, and after the first filter 8 bytes a
/// record; nothing is mapped. The system's page cache keeps what it has room for.
///
/// Any number of threads may search one segment at once, each with a ``SearchScratch`` of its own. The
/// file must not be changed meanwhile: damage is noticed record by record, and thrown.
public final class DiskSegment: NavigableSegment, @unchecked Sendable {
  // SAFETY: `head` and `cache` are only read after `init`.
  let head: SegmentHead
  let file: SegmentFile
  let options: DiskSegmentOptions
  let cache: RecordCache
  private let recordIDTable = Mutex<RecordIDTable?>(nil)

  /// How many vectors the segment holds.
  public var count: Int { layout.header.count }
  public var dimension: Int { layout.header.dimension }
  public var metric: Metric { layout.header.metric }
  public var maximumDegree: Int { layout.header.maximumDegree }
  /// The identifier of what made the vectors, as given to the builder.
  public var model: String { layout.header.model }
  /// Bytes of the file that belong to the segment.
  public var byteCount: Int { layout.byteCount }
  public var path: String { file.path }
  /// What recall the segment gave at several list sizes when it was built.
  public var recallCurve: RecallCurve { head.recallCurve }

  /// What the segment itself keeps in memory, in bytes. A search takes about 200 KB more a thread.
  public var residentByteCount: Int {
    head.bytes.count + cache.byteCount + (recordIDTable.withLock { $0 } == nil ? 0 : count * 8)
  }

  /// Opens the image in a file and fills the cache.
  ///
  /// The header and what a search keeps in memory are compared with their checksums, the rest when it is
  /// read.
  ///
  /// - Throws: ``VamanaError/fileFailed(path:offset:problem:)``,
  ///   ``VamanaError/invalidSegment(problem:)``, ``VamanaError/checksumMismatch(section:)`` or
  ///   ``VamanaError/invalidConfiguration(field:value:expected:)``.
  /// - Complexity: reads O(√count) records' bytes and the cache's.
  public init(
    path: String, options: DiskSegmentOptions = DiskSegmentOptions(),
    kernels: DistanceKernels = .best
  ) throws(VamanaError) {
    try options.validate()
    self.options = options
    file = try SegmentFile(path: path)
    head = try Self.readHead(of: file, kernels: kernels)
    let header = head.layout.header
    let recordByteCount = head.layout.node.readByteCount
    cache = RecordCache(
      byteCount: options.cacheByteCount ?? header.count * header.dimension * 4 / 100,
      recordByteCount: recordByteCount, nodeCount: header.count)
    try fillCache()
  }

  private static func readHead(
    of file: SegmentFile, kernels: DistanceKernels
  ) throws(VamanaError) -> SegmentHead {
    let start = SegmentImage(byteCount: SegmentHeader.byteCount)
    try file.read(into: start.mutableBytes, at: 0)
    let (header, imageByteCount) = try SegmentHeader.read(start.bytes)
    let layout = SegmentLayout(header: header)
    guard imageByteCount == layout.byteCount else {
      throw .invalidSegment(
        problem: "\(file.path): \(imageByteCount) bytes where its sizes ask for \(layout.byteCount)"
      )
    }
    guard header.placement == .disk else {
      throw .invalidSegment(
        problem:
          "\(file.path): its node records are placed for memory; build it with placement disk")
    }
    guard file.byteCount >= layout.byteCount else {
      throw .fileFailed(
        path: file.path, offset: file.byteCount,
        problem: "the file ends here; its header asks for \(layout.byteCount) bytes: truncated")
    }
    let image = SegmentImage(byteCount: layout.headByteCount)
    try file.read(into: image.mutableBytes, at: 0)
    try SegmentHead.checkSections(
      of: image.bytes, layout: layout,
      checksumsOf: SegmentSection.allCases.filter {
        layout[$0].upperBound <= layout.headByteCount
          && layout[$0].lowerBound < layout.headByteCount
      })
    return SegmentHead(bytes: image.bytes, owner: image, layout: layout, kernels: kernels)
  }

  /// The caller's ids, ascending; read into memory when first asked for, and kept.
  func recordIDList() throws(VamanaError) -> RecordIDTable {
    let result = recordIDTable.withLock { table -> Result<RecordIDTable, VamanaError> in
      if let table { return .success(table) }
      return Result { () throws(VamanaError) in
        let read = try RecordIDTable(of: head, from: file)
        table = read
        return read
      }
    }
    return try result.get()
  }

  /// Keeps the records of the entry points, then those of their neighbours, and so on outwards.
  private func fillCache() throws(VamanaError) {
    guard cache.capacity > 0 else { return }
    let buffer = RecordBuffer()
    buffer.prepare(byteCount: layout.node.readByteCount)
    var seen = Set<UInt32>()
    var waiting: [UInt32] = []
    func enqueue(_ node: UInt32) {
      guard seen.count < cache.capacity, node < UInt32(count), seen.insert(node).inserted else {
        return
      }
      waiting.append(node)
    }
    let entries = pointer(to: .entryPoints, as: UInt32.self)
    for index in 0..<layout.header.entryPointCount {
      enqueue(UInt32(littleEndian: entries[index]))
    }
    var next = 0
    var statistics = SearchStatistics()
    while next < waiting.count {
      let end = min(waiting.count, next + options.concurrentReadCount)
      for node in waiting[next..<end] { readAhead(of: node, buffer: buffer) }
      for node in waiting[next..<end] {
        let record = try readRecord(of: node, into: buffer, statistics: &statistics)
        cache.insert(
          UnsafeRawBufferPointer(start: record, count: layout.node.readByteCount), of: node)
        let neighbors = record.assumingMemoryBound(to: UInt32.self)
        for slot in 0..<layout.node.slotCount { enqueue(UInt32(littleEndian: neighbors[slot])) }
      }
      next = end
    }
  }
}
