internal import VectorMath

/// Encodes rows, each from its group's mean.
struct GroupEncoder {
  // SAFETY: `target` has room for a row's axes, `sources` for those of every mean.
  private let means: GroupMeans
  private let out: GroupedCodes
  private let quantizer: ByteQuantizer
  private let kernels: DistanceKernels
  private let euclidean: Bool
  private let sources: FloatBuffer
  private let target: FloatBuffer
  /// One row at a time: its code goes to the lane of its number.
  private let lane: GroupedCodes

  private var groups: FilterGroups { out.groups }
  var dimension: Int { quantizer.dimension }

  init(segment: Segment, means: GroupMeans, into out: GroupedCodes) {
    self.means = means
    self.out = out
    quantizer = segment.quantizer
    kernels = segment.kernels
    euclidean = segment.metric == .squaredEuclidean
    sources = means.rotated(on: out.groups.axes)
    target = FloatBuffer(count: max(1, out.groups.axes.count))
    lane = GroupedCodes(groups: out.groups, sizes: [1], spreads: [0])
  }

  /// Writes the code of a row.
  ///
  /// - Returns: the squared distance from the mean.
  func encode(
    _ row: Int, of group: Int, centred: UnsafePointer<Float>, rotated: UnsafePointer<Float>
  ) -> Float {
    for (place, axis) in groups.axes.enumerated() { target.base[place] = rotated[axis] }
    let mean = means.row(group)
    var length: Float = 0
    var product: Float = 0
    quantizer.center.withUnsafeBufferPointer { center in
      for axis in 0..<quantizer.dimension {
        let difference = centred[axis] - mean[axis]
        length += difference * difference
        product += difference * (mean[axis] + center[axis])
      }
    }
    let edge = EdgeQuantizer.Edge(
      target: target.base, squaredLength: length, change: euclidean ? length : -product)
    groups.quantizer.encode(
      [edge], from: sources.base + group * groups.axes.count, slope: euclidean ? -2 : -1,
      kernels: kernels, codes: lane.codes, factorsA: lane.a, factorsB: lane.b)
    lane.nodes[0] = UInt32(row)
    out.copyLane(0, of: lane, to: row)
    return length
  }
}
