internal import VectorMath

/// Groups the rows of a segment and encodes them: what filters of the segment take their codes from.
struct FilterGrouping {
  private let segment: Segment
  private let rows: FilterRows
  private let euclidean: Bool

  private static let rowsAPiece = 256
  /// Rows of the sample for every centre.
  private static let rowsACenter = 16
  /// Leading axes that rows are compared with centres on.
  private static let comparedAxisCount = 96

  /// From how many rows on a segment is grouped: fewer are scanned in a few microseconds.
  static let rowCountMin = 1024

  /// How many groups `count` rows fall into.
  static func groupCount(of count: Int) -> Int {
    min(4096, max(1, Int(3 * Double(count).squareRoot())))
  }

  /// The most bytes of a row's code.
  static func byteCountMax(dimension: Int) -> Int {
    max(dimension / 8, 32)
  }

  init(of segment: Segment) {
    self.segment = segment
    rows = FilterRows(segment: segment, capacity: Self.rowsAPiece)
    euclidean = segment.metric == .squaredEuclidean
  }

  /// - Complexity: O(√count) multiply-adds of a row with each row, and `axes · dimension` for each.
  func codes() -> GroupedCodes {
    let wanted = Self.groupCount(of: segment.count)
    let sample = FilterRows(
      segment: segment, capacity: min(segment.count, Self.rowsACenter * wanted))
    sample.load(count: sample.capacity) { $0 * segment.count / sample.capacity }
    let centers = GroupCenters(
      of: sample.rotated.base, sampleCount: sample.capacity, stride: sample.axisCount,
      axisCount: min(sample.axisCount, Self.comparedAxisCount), wanted: wanted, seed: 0xf117e5)
    let means = Means(of: sample, by: centers, segment: segment)
    let groups = groups(of: sample, means: means)
    return encode(centers: centers, means: means, groups: groups)
  }

  private func groups(of sample: FilterRows, means: Means) -> FilterGroups {
    let variances = means.variances
    let known = segment.edgeQuantizer.shape
    let usable = known.axisCount / 32 * 32
    let order = variances.indices.sorted {
      (variances[$0], $1) > (variances[$1], $0)
    }
    // Too few axes for whole groups of any width keep the bits that the segment gave them.
    let axes = usable > 0 ? order : Array(variances.indices)
    let shape =
      usable > 0
      ? EdgeCodeShape.choose(
        variances: order.prefix(usable).map { variances[$0] }, distortion: 0,
        byteCountMax: Self.byteCountMax(dimension: segment.dimension)) : known
    let unit = means.meanSquare
    let quantizer = EdgeQuantizer(
      shape: shape, rotation: segment.edgeQuantizer.rotation,
      deviations: axes.prefix(shape.axisCount).map { variances[$0].squareRoot() },
      unitA: unit > 0 ? unit : 1)
    let groups = FilterGroups(
      quantizer: quantizer, axes: Array(axes.prefix(shape.axisCount)), count: means.count,
      dimension: segment.dimension)
    for group in 0..<means.count {
      means.write(group, to: groups.rows + group * groups.rowStride)
    }
    return groups
  }

  private func encode(
    centers: GroupCenters, means: Means, groups: FilterGroups
  ) -> GroupedCodes {
    let count = segment.count
    // Codes in the order of the rows, as if they were one group: where each belongs is known at the end.
    let ordered = GroupedCodes(groups: groups, counts: [count], spreads: [0])
    var assigned = [UInt32](repeating: 0, count: count)
    var counts = [Int](repeating: 0, count: groups.count)
    var squares = [Float](repeating: 0, count: groups.count)
    let sources = means.rotated(on: groups.axes)
    let encoder = RowEncoder(segment: segment, groups: groups, into: ordered)
    for start in stride(from: 0, to: count, by: Self.rowsAPiece) {
      let height = min(Self.rowsAPiece, count - start)
      rows.load(count: height) { start + $0 }
      centers.visitNearest(rows.rotated.base, count: height, stride: rows.axisCount) {
        row, group, _ in
        assigned[start + row] = UInt32(group)
        counts[group] += 1
        squares[group] += encoder.encode(
          start + row, centred: rows.centred.base + row * segment.dimension,
          rotated: rows.rotated.base + row * rows.axisCount, mean: means.row(group),
          source: sources.base + group * groups.axes.count)
      }
    }
    let codes = GroupedCodes(
      groups: groups, counts: counts,
      spreads: zip(squares, counts).map { ($0 / Float(max(1, $1))).squareRoot() })
    var next = [Int](repeating: 0, count: groups.count)
    for (place, group) in codes.groupIDs.enumerated() {
      next[Int(group)] = Int(codes.blockStarts[place]) * EdgeCodeShape.laneCount
    }
    for row in 0..<count {
      let group = Int(assigned[row])
      codes.copyLane(row, of: ordered, to: next[group])
      next[group] += 1
    }
    return codes
  }
}

extension FilterGrouping {
  /// The means of groups, each rounded to what its byte code says: that is where a query's distance to it is
  /// measured from.
  struct Means {
    let count: Int
    /// Of the rows of the sample around their mean, along each axis.
    let variances: [Float]
    /// The mean squared distance of a row from its mean.
    let meanSquare: Float
    private let dimension: Int
    private let axisCount: Int
    private let segment: Segment
    private let centred: FilterRows

    init(of sample: FilterRows, by centers: GroupCenters, segment: Segment) {
      count = centers.count
      dimension = segment.dimension
      axisCount = sample.axisCount
      self.segment = segment
      centred = FilterRows(segment: segment, capacity: max(1, centers.count))
      let dimension = dimension
      let axisCount = axisCount
      let sums = centred.centred.base
      sums.update(repeating: 0, count: count * dimension)
      var counts = [Float](repeating: 0, count: count)
      var assigned = [Int](repeating: 0, count: sample.capacity)
      let piece = FilterGrouping.rowsAPiece
      for start in stride(from: 0, to: sample.capacity, by: piece) {
        centers.visitNearest(
          sample.rotated.base + start * axisCount, count: min(piece, sample.capacity - start),
          stride: axisCount
        ) { row, center, _ in
          assigned[start + row] = center
          counts[center] += 1
          let values = sample.centred.base + (start + row) * dimension
          let sum = sums + center * dimension
          for axis in 0..<dimension { sum[axis] += values[axis] }
        }
      }
      let rounding = [Int8](repeating: 0, count: dimension)
      let stride = ByteQuantizer.rowStride(dimension: dimension)
      let code = UnsafeMutableRawPointer.allocate(byteCount: stride, alignment: 64)
      defer { code.deallocate() }
      var vector = [Float](repeating: 0, count: dimension)
      let center = segment.quantizer.center
      for group in 0..<count {
        let sum = sums + group * dimension
        for axis in 0..<dimension {
          vector[axis] = center[axis] + sum[axis] / max(1, counts[group])
        }
        segment.quantizer.encode(vector, into: code)
        segment.quantizer.decode(code, low: rounding, into: sum)
        for axis in 0..<dimension { sum[axis] -= center[axis] }
      }
      centred.rotate(count: count)
      var squares = [Double](repeating: 0, count: axisCount)
      var total = 0.0
      for row in 0..<sample.capacity {
        let values = sample.rotated.base + row * axisCount
        let mean = centred.rotated.base + assigned[row] * axisCount
        for axis in 0..<axisCount {
          squares[axis] += Double((values[axis] - mean[axis]) * (values[axis] - mean[axis]))
        }
        let full = sample.centred.base + row * dimension
        let origin = sums + assigned[row] * dimension
        var square: Float = 0
        for axis in 0..<dimension {
          square += (full[axis] - origin[axis]) * (full[axis] - origin[axis])
        }
        total += Double(square)
      }
      let rows = Double(max(1, sample.capacity))
      variances = squares.map { Float($0 / rows) }
      meanSquare = Float(total / rows)
    }

    /// A mean, centred.
    func row(_ group: Int) -> UnsafePointer<Float> {
      UnsafePointer(centred.centred.base + group * dimension)
    }

    /// Writes the byte code of a mean.
    func write(_ group: Int, to row: UnsafeMutablePointer<UInt8>) {
      let mean = self.row(group)
      let vector = zip(segment.quantizer.center, 0..<dimension).map { $0 + mean[$1] }
      segment.quantizer.encode(vector, into: row)
    }

    /// The means along `axes`.
    func rotated(on axes: [Int]) -> FloatBuffer {
      let out = FloatBuffer(count: max(1, count * axes.count))
      for group in 0..<count {
        for (place, axis) in axes.enumerated() {
          out.base[group * axes.count + place] = centred.rotated.base[group * axisCount + axis]
        }
      }
      return out
    }
  }
}

/// Encodes rows, each from its group's mean.
private struct RowEncoder {
  // SAFETY: `block` has room for a block of codes, `target` for a row's axes.
  private let groups: FilterGroups
  private let out: GroupedCodes
  private let dimension: Int
  private let euclidean: Bool
  private let center: [Float]
  private let kernels: DistanceKernels
  private let target: FloatBuffer
  private let block: GroupedCodes

  init(segment: Segment, groups: FilterGroups, into out: GroupedCodes) {
    self.groups = groups
    self.out = out
    dimension = segment.dimension
    euclidean = segment.metric == .squaredEuclidean
    center = segment.quantizer.center
    kernels = segment.kernels
    target = FloatBuffer(count: max(1, groups.axes.count))
    block = GroupedCodes(groups: groups, counts: [1], spreads: [0])
  }

  /// Writes the code of `node` to the lane of its number.
  ///
  /// - Returns: the squared distance from the mean.
  func encode(
    _ node: Int, centred: UnsafePointer<Float>, rotated: UnsafePointer<Float>,
    mean: UnsafePointer<Float>, source: UnsafePointer<Float>
  ) -> Float {
    for (place, axis) in groups.axes.enumerated() { target.base[place] = rotated[axis] }
    var length: Float = 0
    var product: Float = 0
    for axis in 0..<dimension {
      let difference = centred[axis] - mean[axis]
      length += difference * difference
      product += difference * (mean[axis] + center[axis])
    }
    let edge = EdgeQuantizer.Edge(
      target: target.base, squaredLength: length, change: euclidean ? length : -product)
    groups.quantizer.encode(
      [edge], from: source, slope: euclidean ? -2 : -1, kernels: kernels, codes: block.codes,
      factorsA: block.a, factorsB: block.b)
    block.nodes[0] = UInt32(node)
    out.copyLane(0, of: block, to: node)
    return length
  }
}
