internal import VectorMath

/// What a search needs beside the nodes: what stands before them in an image, ready for use.
struct SegmentHead: @unchecked Sendable {
  // SAFETY: `bytes` hold every section before the record ids, are never written, and stay valid as long
  // as `owner` lives.
  let bytes: UnsafeRawBufferPointer
  let owner: AnyObject
  let layout: SegmentLayout
  let quantizer: ByteQuantizer
  let edgeQuantizer: EdgeQuantizer
  let kernels: DistanceKernels
  let recallCurve: RecallCurve

  /// - Parameter bytes: the first of an image, at least `layout.headByteCount`, on a 64-byte boundary.
  init(
    bytes: UnsafeRawBufferPointer, owner: AnyObject, layout: SegmentLayout, kernels: DistanceKernels
  ) {
    self.bytes = bytes
    self.owner = owner
    self.layout = layout
    self.kernels = kernels
    let header = layout.header
    let center = (0..<header.dimension).map { axis in
      bytes.loadUnaligned(
        fromByteOffset: layout[.center].lowerBound + axis * 4, as: Float.self)
    }
    quantizer = ByteQuantizer(metric: header.metric, center: center)
    recallCurve = Self.recallCurve(of: bytes, layout: layout)
    edgeQuantizer = Self.edgeQuantizer(of: bytes, layout: layout, center: center, owner: owner)
  }

  private static func recallCurve(
    of bytes: UnsafeRawBufferPointer, layout: SegmentLayout
  ) -> RecallCurve {
    let start = layout[.recallCurve].lowerBound
    var points: [RecallCurve.Point] = []
    for index in 0..<RecallCurve.pointCountMax {
      func half(_ offset: Int) -> UInt16 {
        UInt16(
          littleEndian: bytes.loadUnaligned(
            fromByteOffset: start + 8 * index + offset, as: UInt16.self))
      }
      let listSize = Int(half(0))
      let recall = bytes.loadUnaligned(fromByteOffset: start + 8 * index + 4, as: Float.self)
      let point = RecallCurve.Point(
        listSize: listSize, storedSlack: half(2), recall: Double(recall))
      guard listSize > points.last?.listSize ?? 0, point.slack >= points.last?.slack ?? -1,
        recall >= 0, recall <= 1, point.recall >= points.last?.recall ?? 0
      else { break }
      points.append(point)
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

  /// Compares the section table with the layout, and the checksums of `checked` sections with their
  /// bytes.
  static func checkSections(
    of bytes: UnsafeRawBufferPointer, layout: SegmentLayout, checksumsOf checked: [SegmentSection]
  ) throws(VamanaError) {
    for section in SegmentSection.allCases {
      let stored = try checksum(of: section, in: bytes, layout: layout)
      guard checked.contains(section) else { continue }
      let actual = CRC32C.checksum(of: UnsafeRawBufferPointer(rebasing: bytes[layout[section]]))
      guard actual == stored else { throw .checksumMismatch(section: "\(section)") }
    }
  }

  /// The checksum that the section table has for `section`.
  ///
  /// - Throws: ``VamanaError/invalidSegment(problem:)`` if the table places the section elsewhere.
  static func checksum(
    of section: SegmentSection, in bytes: UnsafeRawBufferPointer, layout: SegmentLayout
  ) throws(VamanaError) -> UInt32 {
    let entry =
      SegmentHeader.sectionTableOffset
      + (Int(section.rawValue) - 1) * SegmentHeader.sectionEntryBytes
    func wide(_ offset: Int) -> UInt64 {
      UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: entry + offset, as: UInt64.self))
    }
    let kindAndChecksum = wide(0)
    let range = layout[section]
    guard UInt32(truncatingIfNeeded: kindAndChecksum) == section.rawValue,
      wide(8) == range.lowerBound, wide(16) == range.count
    else {
      throw .invalidSegment(
        problem: "the section table does not place '\(section)' where it belongs")
    }
    return UInt32(truncatingIfNeeded: kindAndChecksum >> 32)
  }
}
