internal import VectorMath

/// Where each section of an image stands: computed from the header alone, so that a table on disk can
/// only agree or be refused.
struct SegmentLayout: Sendable {
  let header: SegmentHeader
  let byteCount: Int
  private let ranges: [Range<Int>]

  /// Sections start on whole cache lines.
  static let alignment = 64

  init(header: SegmentHeader) {
    self.header = header
    let codeStride = ByteQuantizer.rowStride(dimension: header.dimension)
    var offset = SegmentHeader.byteCount
    ranges = SegmentSection.allCases.map { section in
      let length =
        switch section {
        case .center: header.dimension * 4
        case .entryPoints: header.entryPointCount * 4
        case .entryCodes: header.entryPointCount * codeStride
        case .recordIDs: header.count * 8
        case .adjacency: header.count * header.maximumDegree * 4
        case .codes: header.count * codeStride
        case .vectors: header.count * header.dimension * 4
        }
      let range = offset..<offset + length
      offset = (range.upperBound + Self.alignment - 1) / Self.alignment * Self.alignment
      return range
    }
    byteCount = offset
  }

  subscript(section: SegmentSection) -> Range<Int> { ranges[Int(section.rawValue) - 1] }
}
