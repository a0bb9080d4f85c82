internal import VectorMath

/// Fills the sections of an image.
struct SegmentWriter: @unchecked Sendable {
  // SAFETY: every write stays within the section that the layout computed from the same header, and
  // parallel writes go to rows of their own.
  let layout: SegmentLayout
  private let image: SegmentImage

  init(layout: SegmentLayout, image: SegmentImage) {
    self.layout = layout
    self.image = image
    layout.header.write(to: image.mutableBytes, imageByteCount: layout.byteCount)
  }

  private func start(of section: SegmentSection) -> UnsafeMutableRawPointer {
    image.mutableBytes.baseAddress! + layout[section].lowerBound
  }

  /// The stored vectors, once written.
  var vectors: UnsafePointer<Float> {
    UnsafePointer(start(of: .vectors).assumingMemoryBound(to: Float.self))
  }

  func write(recordIDs: [UInt64]) {
    let out = start(of: .recordIDs)
    for (node, id) in recordIDs.enumerated() {
      out.storeBytes(of: id.littleEndian, toByteOffset: node * 8, as: UInt64.self)
    }
  }

  /// Copies the vectors, scaled to unit length for cosine; a zero vector stays zero.
  func write(vectors source: UnsafePointer<Float>) {
    let dimension = layout.header.dimension
    let out = start(of: .vectors).bindMemory(
      to: Float.self, capacity: layout.header.count * dimension)
    out.update(from: source, count: layout.header.count * dimension)
    guard layout.header.metric == .cosine else { return }
    for node in 0..<layout.header.count {
      VectorValues.scaleToUnitLength(out + node * dimension, count: dimension)
    }
  }

  func write(graph: ProximityGraph) {
    let degree = layout.header.maximumDegree
    let out = start(of: .adjacency).bindMemory(
      to: UInt32.self, capacity: layout.header.count * degree)
    for node in 0..<layout.header.count {
      let neighbors = graph.neighbors(of: node)
      for slot in 0..<degree {
        out[node * degree + slot] =
          slot < neighbors.count ? neighbors[slot].node.littleEndian : .max
      }
    }
  }

  func write(codesBy quantizer: ByteQuantizer, entryPoints: [UInt32], workers: Workers) {
    let dimension = layout.header.dimension
    let stride = ByteQuantizer.rowStride(dimension: dimension)
    let out = start(of: .codes)
    let count = layout.header.count
    nonisolated(unsafe) let rows = out
    nonisolated(unsafe) let vectors = vectors
    let rowsAPiece = 1024
    workers.run(pieces: (count + rowsAPiece - 1) / rowsAPiece) { piece, _ in
      for node in piece * rowsAPiece..<min(count, (piece + 1) * rowsAPiece) {
        quantizer.encode(vectors + node * dimension, into: rows + node * stride)
      }
    }
    let center = start(of: .center)
    for (axis, value) in quantizer.center.enumerated() {
      center.storeBytes(of: value, toByteOffset: axis * 4, as: Float.self)
    }
    for (index, node) in entryPoints.enumerated() {
      start(of: .entryPoints).storeBytes(
        of: node.littleEndian, toByteOffset: index * 4, as: UInt32.self)
      (start(of: .entryCodes) + index * stride).copyMemory(
        from: out + Int(node) * stride, byteCount: stride)
    }
  }

  /// Writes the checksums; the image is complete then.
  func finish() {
    let bytes = image.mutableBytes
    for (index, section) in SegmentSection.allCases.enumerated() {
      let range = layout[section]
      let entry = SegmentHeader.sectionTableOffset + index * SegmentHeader.sectionEntryBytes
      let checksum = CRC32C.checksum(
        of: UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[range]))
      bytes.storeBytes(of: section.rawValue.littleEndian, toByteOffset: entry, as: UInt32.self)
      bytes.storeBytes(of: checksum.littleEndian, toByteOffset: entry + 4, as: UInt32.self)
      bytes.storeBytes(
        of: UInt64(range.lowerBound).littleEndian, toByteOffset: entry + 8, as: UInt64.self)
      bytes.storeBytes(
        of: UInt64(range.count).littleEndian, toByteOffset: entry + 16, as: UInt64.self)
    }
    let checksum = CRC32C.checksum(
      of: UnsafeRawBufferPointer(
        rebasing: UnsafeRawBufferPointer(bytes)[0..<SegmentHeader.checksumOffset]))
    bytes.storeBytes(
      of: checksum.littleEndian, toByteOffset: SegmentHeader.checksumOffset, as: UInt32.self)
  }
}
