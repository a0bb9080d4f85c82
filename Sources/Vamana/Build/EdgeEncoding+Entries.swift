internal import VectorMath

extension EdgeEncoding {
  /// Writes the entry points as edges from the centre, and the means of their groups behind them.
  func writeEntries(
    _ entryPoints: [UInt32], by quantizer: EdgeQuantizer, rotated: FloatBuffer,
    norms: FloatBuffer, to writer: SegmentWriter
  ) {
    let layout = writer.layout
    let entrySlots = layout.entryBlockCount * EdgeCodeShape.laneCount
    let ids = writer.start(of: .entryPoints)
    for slot in 0..<entrySlots {
      let node = slot < entryPoints.count ? entryPoints[slot] : .max
      ids.storeBytes(of: node.littleEndian, toByteOffset: slot * 4, as: UInt32.self)
    }
    write(
      edgesFromCenter(to: entryPoints, rotated: rotated, norms: norms, by: quantizer),
      slots: 0..<entrySlots, by: quantizer, to: writer)
    let groupCount = layout.header.entryGroupCount
    guard groupCount > 0 else { return }
    let axisCount = quantizer.shape.axisCount
    let means = groupMeans(entryPoints, of: vectors.base, width: vectors.dimension)
    let rotatedMeans = groupMeans(entryPoints, of: rotated.base, width: axisCount)
    let encoding = EdgeEncoding(
      metric: metric,
      vectors: FloatMatrix(base: means.base, count: groupCount, dimension: vectors.dimension),
      center: center, graph: graph, workers: workers)
    write(
      encoding.edgesFromCenter(
        to: Array(0..<UInt32(groupCount)), rotated: rotatedMeans, norms: norms, by: quantizer),
      slots: entrySlots..<layout.entrySlotCount, by: quantizer, to: writer)
    withExtendedLifetime(means) {}
  }

  private func edgesFromCenter(
    to ids: [UInt32], rotated: FloatBuffer, norms: FloatBuffer, by quantizer: EdgeQuantizer
  ) -> [EdgeQuantizer.Edge] {
    let centerNorm = center.reduce(0) { $0 + $1 * $1 }
    return center.withUnsafeBufferPointer {
      edges(
        to: ids, from: $0.baseAddress!, norm: centerNorm, rotated: rotated, norms: norms,
        axisCount: quantizer.shape.axisCount)
    }
  }

  private func write(
    _ edges: [EdgeQuantizer.Edge], slots: Range<Int>, by quantizer: EdgeQuantizer,
    to writer: SegmentWriter
  ) {
    let origin = [Float](repeating: 0, count: quantizer.shape.axisCount)
    let a = writer.start(of: .entryFactors) + slots.lowerBound * 2
    let block = slots.lowerBound / EdgeCodeShape.laneCount
    origin.withUnsafeBufferPointer {
      encode(
        edges, from: $0.baseAddress!, by: quantizer,
        codes: writer.start(of: .entryCodes) + block * quantizer.shape.blockByteCount, a: a,
        b: a + writer.layout.entrySlotCount * 2, slotCount: slots.count)
    }
  }

  /// The mean of the rows of each group, `width` floats each.
  private func groupMeans(
    _ entryPoints: [UInt32], of rows: UnsafePointer<Float>, width: Int
  ) -> FloatBuffer {
    let groupCount = entryPoints.count / EntryGroups.size
    let means = FloatBuffer(count: groupCount * width)
    means.base.update(repeating: 0, count: groupCount * width)
    for (place, node) in entryPoints.enumerated() {
      let mean = means.base + place / EntryGroups.size * width
      let row = rows + Int(node) * width
      for axis in 0..<width { mean[axis] += row[axis] / Float(EntryGroups.size) }
    }
    return means
  }
}
