internal import VectorMath

/// Where each section of an image stands: computed from the header alone, so that a table on disk can
/// only agree or be refused.
struct SegmentLayout: Sendable {
  let header: SegmentHeader
  let node: NodeLayout
  let byteCount: Int
  private let ranges: [Range<Int>]

  /// Sections start on whole cache lines.
  static let alignment = 64

  /// Blocks of entry points.
  var entryBlockCount: Int { Self.blockCount(of: header.entryPointCount) }
  /// Blocks of the means of the groups of entry points.
  var entryMeanBlockCount: Int { Self.blockCount(of: header.entryGroupCount) }
  /// Places for factors and codes: those of the entry points, then those of the means.
  var entrySlotCount: Int {
    (entryBlockCount + entryMeanBlockCount) * EdgeCodeShape.laneCount
  }

  private static func blockCount(of edgeCount: Int) -> Int {
    (edgeCount + EdgeCodeShape.laneCount - 1) / EdgeCodeShape.laneCount
  }

  init(header: SegmentHeader) {
    self.header = header
    let shape = header.edgeShape
    let node = NodeLayout(
      dimension: header.dimension, maximumDegree: header.maximumDegree, shape: shape,
      isFused: header.isFused, placement: header.placement)
    self.node = node
    let entryBlocks = Self.blockCount(of: header.entryPointCount)
    let scoredBlocks = entryBlocks + Self.blockCount(of: header.entryGroupCount)
    var offset = SegmentHeader.byteCount
    ranges = SegmentSection.allCases.map { section in
      if section == .nodes, header.placement == .disk {
        offset = (offset + NodeLayout.pageBytes - 1) / NodeLayout.pageBytes * NodeLayout.pageBytes
      }
      let length =
        switch section {
        case .center: header.dimension * 4
        case .axes:
          AxisRotation.matrixByteCount(axisCount: shape.axisCount, dimension: header.dimension)
        case .axisScales, .axisWeights: shape.axisCount * 4
        case .entryPoints: entryBlocks * EdgeCodeShape.laneCount * 4
        case .entryFactors: scoredBlocks * EdgeCodeShape.laneCount * 4
        case .entryCodes: scoredBlocks * shape.blockByteCount
        case .recallCurve: RecallCurve.pointCountMax * 8
        case .recordIDs: header.count * 8
        case .nodes: header.count * node.stride
        case .lowBytes: header.placement == .disk ? 0 : header.count * header.dimension
        }
      let range = offset..<offset + length
      offset = (range.upperBound + Self.alignment - 1) / Self.alignment * Self.alignment
      return range
    }
    byteCount = offset
  }

  /// Where the low bytes of node 0 stand, and how many bytes on those of node 1.
  var lowBytes: (offset: Int, stride: Int) {
    header.placement == .disk
      ? (self[.nodes].lowerBound + node.lowOffset, node.stride)
      : (self[.lowBytes].lowerBound, header.dimension)
  }

  /// What stands before the sections that grow with the number of nodes: small enough to keep.
  var headByteCount: Int { self[.recordIDs].lowerBound }

  subscript(section: SegmentSection) -> Range<Int> { ranges[Int(section.rawValue) - 1] }
}
