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

  func start(of section: SegmentSection) -> UnsafeMutableRawPointer {
    image.mutableBytes.baseAddress! + layout[section].lowerBound
  }

  func node(_ node: Int) -> UnsafeMutableRawPointer {
    start(of: .nodes) + node * layout.node.stride
  }

  func write(recordIDs: [UInt64]) {
    let out = start(of: .recordIDs)
    for (node, id) in recordIDs.enumerated() {
      out.storeBytes(of: id.littleEndian, toByteOffset: node * 8, as: UInt64.self)
    }
  }

  func write(_ values: [Float], to section: SegmentSection) {
    let out = start(of: section)
    for (index, value) in values.enumerated() {
      out.storeBytes(of: value, toByteOffset: index * 4, as: Float.self)
    }
  }

  /// Writes the axes of the edges' codes.
  ///
  /// - Parameter center: what queries are to be centred on, or nil if they come centred.
  func write(_ choice: EdgeEncoding.Choice, center: [Float]?) -> EdgeQuantizer {
    let shape = choice.shape
    let matrix = start(of: .axes).assumingMemoryBound(to: Int8.self)
    let scales = AxisRotation.write(
      axes: choice.axes, axisCount: shape.axisCount, dimension: layout.header.dimension,
      into: matrix)
    let rotation = AxisRotation(
      matrix: matrix, owner: image, axisCount: shape.axisCount,
      dimension: layout.header.dimension, scales: scales, center: center)
    let quantizer = EdgeQuantizer(
      shape: shape, rotation: rotation, deviations: choice.deviations, unitA: choice.unitA)
    write(scales, to: .axisScales)
    write(quantizer.weights, to: .axisWeights)
    return quantizer
  }

  /// Writes the neighbours of `node` and 0xffffffff after the last.
  func write(neighbors: some Collection<UInt32>, of node: Int) {
    let out = self.node(node)
    for (slot, neighbor) in neighbors.enumerated() {
      out.storeBytes(of: neighbor.littleEndian, toByteOffset: slot * 4, as: UInt32.self)
    }
    for slot in neighbors.count..<layout.node.slotCount {
      out.storeBytes(of: .max, toByteOffset: slot * 4, as: UInt32.self)
    }
  }

  /// Writes the byte codes of every vector and what they leave over.
  func write(codesBy quantizer: ByteQuantizer, of vectors: FloatMatrix, workers: Workers) {
    let (lowOffset, lowStride) = layout.lowBytes
    nonisolated(unsafe) let low = (image.mutableBytes.baseAddress! + lowOffset)
      .assumingMemoryBound(to: Int8.self)
    let count = vectors.count
    let rowsAPiece = 1024
    workers.run(pieces: (count + rowsAPiece - 1) / rowsAPiece) { piece, _ in
      for index in piece * rowsAPiece..<min(count, (piece + 1) * rowsAPiece) {
        quantizer.encode(
          vectors.row(index), into: node(index) + layout.node.rowOffset,
          low: low + index * lowStride)
      }
    }
  }

  /// Ends the records that are placed for disk: each then says whose it is, and can be checked alone.
  func sealRecords(recordIDs: [UInt64], workers: Workers) {
    guard layout.header.placement == .disk else { return }
    let count = layout.header.count
    let recordsAPiece = 1024
    workers.run(pieces: (count + recordsAPiece - 1) / recordsAPiece) { piece, _ in
      for node in piece * recordsAPiece..<min(count, (piece + 1) * recordsAPiece) {
        NodeSeal.write(
          recordID: recordIDs[node], node: UInt32(node), to: self.node(node), layout: layout.node)
      }
    }
  }

  func write(_ curve: RecallCurve) {
    let out = start(of: .recallCurve)
    for (index, point) in curve.points.enumerated() {
      out.storeBytes(
        of: UInt16(clamping: point.listSize).littleEndian, toByteOffset: 8 * index,
        as: UInt16.self)
      out.storeBytes(
        of: point.storedSlack.littleEndian, toByteOffset: 8 * index + 2, as: UInt16.self)
      out.storeBytes(of: Float(point.recall), toByteOffset: 8 * index + 4, as: Float.self)
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
