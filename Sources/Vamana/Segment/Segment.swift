public import VectorMath

/// An immutable index over vectors, searched in place in the bytes it was stored as.
///
/// The bytes may be a read-only map of a file: opening copies nothing. Any number of threads may search
/// one segment at once, each with a ``SearchScratch`` of its own.
public final class Segment: @unchecked Sendable {
  // SAFETY: `bytes` are never written, stay valid as long as `owner` lives, and every id read from
  // them is checked against `count` before it becomes an address.
  let bytes: UnsafeRawBufferPointer
  private let owner: AnyObject
  let layout: SegmentLayout
  let quantizer: ByteQuantizer
  let edgeQuantizer: EdgeQuantizer
  let kernels: DistanceKernels
  /// What recall the segment gave at several list sizes when it was built.
  public let recallCurve: RecallCurve

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
    self.bytes = UnsafeRawBufferPointer(rebasing: bytes[0..<layout.byteCount])
    self.owner = owner
    self.layout = layout
    self.kernels = kernels
    try Self.checkSections(of: self.bytes, layout: layout, verifyingChecksums: verifyingChecksums)
    let center = (0..<header.dimension).map { axis in
      bytes.loadUnaligned(
        fromByteOffset: layout[.center].lowerBound + axis * 4, as: Float.self)
    }
    self.quantizer = ByteQuantizer(metric: header.metric, center: center)
    self.recallCurve = Self.recallCurve(of: self.bytes, layout: layout)
    self.edgeQuantizer = Self.edgeQuantizer(
      of: self.bytes, layout: layout, center: center, owner: owner)
  }

  private static func recallCurve(
    of bytes: UnsafeRawBufferPointer, layout: SegmentLayout
  ) -> RecallCurve {
    let start = layout[.recallCurve].lowerBound
    var points: [RecallCurve.Point] = []
    for index in 0..<RecallCurve.pointCountMax {
      let listSize = UInt32(
        littleEndian: bytes.loadUnaligned(fromByteOffset: start + 8 * index, as: UInt32.self))
      let recall = bytes.loadUnaligned(fromByteOffset: start + 8 * index + 4, as: Float.self)
      guard listSize > 0, listSize <= UInt32(Int32.max) / 4, recall >= 0, recall <= 1 else { break }
      points.append(RecallCurve.Point(listSize: Int(listSize), recall: Double(recall)))
    }
    return RecallCurve(points: points)
  }

  private static func edgeQuantizer(
    of bytes: UnsafeRawBufferPointer, layout: SegmentLayout, center: [Float], owner: AnyObject
  ) -> EdgeQuantizer {
    let header = layout.header
    let axisCount = header.edgeShape.axisCount
    func floats(_ section: SegmentSection) -> [Float] {
      (0..<axisCount).map {
        bytes.loadUnaligned(fromByteOffset: layout[section].lowerBound + $0 * 4, as: Float.self)
      }
    }
    // SAFETY: the section holds the whole matrix and lives as long as the owner.
    let matrix = (bytes.baseAddress! + layout[.axes].lowerBound)
      .assumingMemoryBound(to: Int8.self)
    return EdgeQuantizer(
      shape: header.edgeShape,
      rotation: AxisRotation(
        matrix: matrix, owner: owner, axisCount: axisCount, dimension: header.dimension,
        scales: floats(.axisScales),
        center: header.metric == .squaredEuclidean ? nil : center),
      weights: floats(.axisWeights), unitA: header.unitA)
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
    try Self.checkSections(of: bytes, layout: layout, verifyingChecksums: true)
  }

  private static func checkSections(
    of bytes: UnsafeRawBufferPointer, layout: SegmentLayout, verifyingChecksums: Bool
  ) throws(VamanaError) {
    for (index, section) in SegmentSection.allCases.enumerated() {
      let entry = SegmentHeader.sectionTableOffset + index * SegmentHeader.sectionEntryBytes
      func wide(_ offset: Int) -> UInt64 {
        UInt64(
          littleEndian: bytes.loadUnaligned(fromByteOffset: entry + offset, as: UInt64.self))
      }
      let kindAndChecksum = wide(0)
      let range = layout[section]
      guard UInt32(truncatingIfNeeded: kindAndChecksum) == section.rawValue,
        wide(8) == range.lowerBound, wide(16) == range.count
      else {
        throw .invalidSegment(
          problem: "the section table does not place '\(section)' where it belongs")
      }
      guard verifyingChecksums else { continue }
      let stored = UInt32(truncatingIfNeeded: kindAndChecksum >> 32)
      guard CRC32C.checksum(of: UnsafeRawBufferPointer(rebasing: bytes[range])) == stored else {
        throw .checksumMismatch(section: "\(section)")
      }
    }
  }

  func pointer<Element>(
    to section: SegmentSection, as type: Element.Type
  ) -> UnsafePointer<Element> {
    // SAFETY: the section lies within `bytes` and starts on a 64-byte boundary.
    (bytes.baseAddress! + layout[section].lowerBound).assumingMemoryBound(to: type)
  }

  /// The caller's id of `node`.
  @inline(__always)
  func recordID(of node: Int) -> UInt64 {
    UInt64(littleEndian: pointer(to: .recordIDs, as: UInt64.self)[node])
  }

  /// The caller's ids, ascending, one for each node.
  public var recordIDs: [UInt64] { (0..<count).map(recordID(of:)) }

  /// The first node whose record id is not below `recordID`; `count` if there is none.
  ///
  /// - Complexity: O(log count).
  func lowerBound(of recordID: UInt64) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if self.recordID(of: middle) < recordID { low = middle + 1 } else { high = middle }
    }
    return low
  }

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
    quantizer.decode(
      row(of: node), low: pointer(to: .lowBytes, as: Int8.self) + node * dimension, into: out)
  }

  /// The byte code of `node`.
  func row(of node: Int) -> UnsafeRawPointer {
    bytes.baseAddress! + layout[.nodes].lowerBound + node * layout.node.stride
      + layout.node.rowOffset
  }
}
