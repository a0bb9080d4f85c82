public import VectorMath

/// An immutable index over vectors, searched in place in the bytes it was stored as.
///
/// The bytes may be a read-only map of a file: opening copies nothing. Any number of threads may search
/// one segment at once, each with a ``SearchScratch`` of its own.
public final class Segment: NavigableSegment, @unchecked Sendable {
  // SAFETY: the bytes of the head are the whole image here, and every id read from them is checked
  // against `count` before it becomes an address.
  let head: SegmentHead
  let filterCodes = SegmentFilterCodes()
  var bytes: UnsafeRawBufferPointer { head.bytes }
  /// What recall the segment gave at several list sizes when it was built.
  public var recallCurve: RecallCurve { head.recallCurve }

  /// How many vectors the segment holds.
  public var count: Int { layout.header.count }
  public var dimension: Int { layout.header.dimension }
  public var metric: Metric { layout.header.metric }
  public var maximumDegree: Int { layout.header.maximumDegree }
  /// The identifier of what made the vectors, as given to the builder.
  public var model: String { layout.header.model }
  public var byteCount: Int { layout.byteCount }
  /// Whether node records carry the codes of their neighbours.
  public var isFused: Bool { layout.header.isFused }
  /// What the node records are placed for.
  public var placement: NodePlacement { layout.header.placement }

  /// Opens an image.
  ///
  /// - Parameters:
  ///   - bytes: the image, starting on a 64-byte boundary; may be longer than the image.
  ///   - owner: kept alive as long as the segment, to keep `bytes` valid.
  ///   - verifyingChecksums: whether every section is read and checked; the header always is.
  ///   - kernels: the distance kernels to search with.
  /// - Throws: ``VamanaError/invalidSegment(problem:)`` or
  ///   ``VamanaError/checksumMismatch(section:)``.
  /// - Complexity: O(1), or O(bytes) with checksums.
  public init(
    bytes: UnsafeRawBufferPointer, owner: AnyObject, verifyingChecksums: Bool = true,
    kernels: DistanceKernels = .best
  ) throws(VamanaError) {
    guard let base = bytes.baseAddress, UInt(bitPattern: base) % 64 == 0 else {
      throw .invalidSegment(problem: "its bytes do not start on a 64-byte boundary")
    }
    let (header, imageByteCount) = try SegmentHeader.read(bytes)
    let layout = SegmentLayout(header: header)
    guard imageByteCount == layout.byteCount, bytes.count >= imageByteCount else {
      throw .invalidSegment(
        problem: "\(bytes.count) bytes where the header asks for \(layout.byteCount): truncated")
    }
    let image = UnsafeRawBufferPointer(rebasing: bytes[0..<layout.byteCount])
    try SegmentHead.checkSections(
      of: image, layout: layout, checksumsOf: verifyingChecksums ? SegmentSection.allCases : [])
    head = SegmentHead(bytes: image, owner: owner, layout: layout, kernels: kernels)
  }

  /// Opens the image that a builder returned.
  public convenience init(_ image: SegmentImage) throws(VamanaError) {
    try self.init(bytes: image.bytes, owner: image, verifyingChecksums: false)
  }

  /// Reads every section and compares its checksum.
  ///
  /// - Throws: ``VamanaError/checksumMismatch(section:)`` for the first that differs.
  /// - Complexity: O(bytes).
  public func verify() throws(VamanaError) {
    try SegmentHead.checkSections(
      of: bytes, layout: layout, checksumsOf: SegmentSection.allCases)
  }

  var recordIDList: RecordIDList {
    RecordIDList(ids: pointer(to: .recordIDs, as: UInt64.self), count: count)
  }

  /// The caller's id of `node`.
  @inline(__always)
  func recordID(of node: Int) -> UInt64 { recordIDList[node] }

  /// The caller's ids, ascending, one for each node.
  public var recordIDs: [UInt64] { (0..<count).map(recordID(of:)) }

  /// The first node whose record id is not below `recordID`; `count` if there is none.
  ///
  /// - Complexity: O(log count).
  func lowerBound(of recordID: UInt64) -> Int { recordIDList.lowerBound(of: recordID) }

  /// The vector of a record (unit length for cosine), or nil if the segment does not hold it.
  ///
  /// Every component is given to within 1/65,000 of the largest deviation from the segment's mean.
  public func vector(of recordID: UInt64) -> [Float]? {
    let node = lowerBound(of: recordID)
    guard node < count, self.recordID(of: node) == recordID else { return nil }
    return [Float](unsafeUninitializedCapacity: dimension) { buffer, filled in
      copyVector(of: node, into: buffer.baseAddress!)
      filled = dimension
    }
  }

  /// Writes the vector of `node` to `out`, which has room for `dimension` floats.
  func copyVector(of node: Int, into out: UnsafeMutablePointer<Float>) {
    // SAFETY: the low bytes of every node lie within `bytes`.
    let (lowOffset, lowStride) = layout.lowBytes
    quantizer.decode(
      row(of: node),
      low: (bytes.baseAddress! + lowOffset + node * lowStride).assumingMemoryBound(to: Int8.self),
      into: out)
  }

  /// The neighbours of `node` in the graph.
  func neighbors(of node: UInt32) -> [UInt32] {
    let slots = (bytes.baseAddress! + layout[.nodes].lowerBound + Int(node) * layout.node.stride)
      .assumingMemoryBound(to: UInt32.self)
    return (0..<layout.node.slotCount).map { UInt32(littleEndian: slots[$0]) }
      .filter { $0 < UInt32(count) }
  }

  /// The nodes that walks start from.
  var entryPoints: [UInt32] {
    let entries = pointer(to: .entryPoints, as: UInt32.self)
    return (0..<layout.header.entryPointCount).map { UInt32(littleEndian: entries[$0]) }
  }

  /// The byte code of `node`.
  func row(of node: Int) -> UnsafeRawPointer {
    bytes.baseAddress! + layout[.nodes].lowerBound + node * layout.node.stride
      + layout.node.rowOffset
  }
}
