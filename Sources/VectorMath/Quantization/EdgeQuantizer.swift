internal import CVectorKernels

/// Encodes the edges of a graph: for an edge from p to v the difference v − p, rotated to its principal
/// axes, in a few bits an axis.
///
/// With D(p) the distance of the query q to p, the distance to v is estimated as `D(p) + a + b · dot`,
/// where dot is an integer product of the query's codes with the edge's. The estimate is exact for
/// q − p along the edge and unbiased across it: the decoded difference r̂ is stretched by |r|²/⟨r, r̂⟩.
/// Source of the stretch: Gao and Long, RaBitQ, SIGMOD 2024; of codes beside the edges: Gou et al.,
/// SymphonyQG, SIGMOD 2025.
public struct EdgeQuantizer: Sendable {
  public let shape: EdgeCodeShape
  public let rotation: AxisRotation
  /// What a step of an axis' code is worth; `shape.axisCount` floats.
  public let weights: [Float]
  /// The unit of the half-precision factor a.
  public let unitA: Float
  /// Added to a code to make it unsigned, by axis.
  private let offsets: [Float]
  private let levelMax: [Float]
  private let inverseDeviations: [Float]
  private let inverseWeights: [Float]

  /// The best distance between levels for 1, 2 and 4 bits of a normal variable of deviation 1.
  /// Source: Max, IRE Trans. Inf. Theory 6, 1960, table II.
  private static let step: [Int: Float] = [1: 1.596, 2: 0.9957, 4: 0.3352]

  /// - Parameters:
  ///   - deviations: of the differences along each axis, from a sample of edges.
  ///   - unitA: about the squared length of an edge.
  public init(shape: EdgeCodeShape, rotation: AxisRotation, deviations: [Float], unitA: Float) {
    let weights = (0..<shape.axisCount).map { axis in
      axis < deviations.count ? deviations[axis] * Self.step[shape.bits(of: axis)]! : 0
    }
    self.init(
      shape: shape, rotation: rotation, weights: weights, unitA: unitA,
      deviations: deviations)
  }

  /// A quantizer read back from where it was stored.
  public init(
    shape: EdgeCodeShape, rotation: AxisRotation, weights: [Float], unitA: Float,
    deviations: [Float] = []
  ) {
    self.shape = shape
    self.rotation = rotation
    self.weights = weights
    self.unitA = unitA
    offsets = (0..<shape.axisCount).map { (Float(1 << shape.bits(of: $0)) - 1) / 2 }
    levelMax = offsets.map { 2 * $0 }
    inverseWeights = weights.map(Self.inverse)
    inverseDeviations = (0..<shape.axisCount).map {
      $0 < deviations.count ? Self.inverse(deviations[$0]) : 0
    }
  }

  private static func inverse(_ value: Float) -> Float {
    let inverse = 1 / value
    return inverse.isFinite ? inverse : 0
  }

  /// Calls `body` with the axes as the kernel wants them.
  private func withAxes<Result>(_ body: (engram_edge_axes) -> Result) -> Result {
    inverseDeviations.withUnsafeBufferPointer { inverseDeviations in
      weights.withUnsafeBufferPointer { weights in
        inverseWeights.withUnsafeBufferPointer { inverseWeights in
          offsets.withUnsafeBufferPointer { offsets in
            levelMax.withUnsafeBufferPointer { levelMax in
              body(
                engram_edge_axes(
                  inverse_deviation: inverseDeviations.baseAddress!,
                  weight: weights.baseAddress!, inverse_weight: inverseWeights.baseAddress!,
                  offset: offsets.baseAddress!, level_max: levelMax.baseAddress!,
                  count: shape.axisCount))
            }
          }
        }
      }
    }
  }

  /// An edge to encode.
  public struct Edge {
    /// The target, centred and rotated; `axisCount` floats.
    public var target: UnsafePointer<Float>
    /// |v − p|².
    public var squaredLength: Float
    /// D(v) − D(p) where the query stands at p: |v − p|² for squared Euclidean distances, −⟨p, v − p⟩ for
    /// inner products.
    public var change: Float

    public init(target: UnsafePointer<Float>, squaredLength: Float, change: Float) {
      self.target = target
      self.squaredLength = squaredLength
      self.change = change
    }
  }

  /// Encodes edges from one node into blocks.
  ///
  /// - Parameters:
  ///   - source: the node, centred and rotated; `axisCount` floats.
  ///   - slope: how a distance changes with ⟨q, v − p⟩: −2 for squared Euclidean, −1 for inner products.
  ///   - codes: zeroed blocks for all edges.
  ///   - factors: the half-precision a of each edge; `factorsB` its b.
  public func encode(
    _ edges: [Edge], from source: UnsafePointer<Float>, slope: Float, kernels: DistanceKernels,
    codes: UnsafeMutablePointer<UInt8>, factorsA: UnsafeMutablePointer<UInt16>,
    factorsB: UnsafeMutablePointer<UInt16>
  ) {
    // SAFETY: the caller vouches for rows of `axisCount` floats and blocks for all edges.
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: shape.axisCount) { scratch in
      withAxes { axes in
        for (place, edge) in edges.enumerated() {
          // Targets are strewn over memory: the next is asked for while this one is encoded.
          if place + 1 < edges.count {
            DistanceKernels.prefetchLines(
              edges[place + 1].target, byteCount: shape.axisCount * MemoryLayout<Float>.stride)
          }
          let sums = kernels.encodeEdge(
            target: edge.target, source: source, axes: axes, codes: scratch.baseAddress!)
          let block = codes + place / EdgeCodeShape.laneCount * shape.blockByteCount
          engram_edge_pack(
            scratch.baseAddress!, shape.raw, place % EdgeCodeShape.laneCount, block)
          let stretch =
            sums.r_dot_decoded > 0 ? edge.squaredLength / sums.r_dot_decoded : 0
          let a = edge.change - slope * stretch * sums.source_dot_decoded
          factorsA[place] = Self.half(a / unitA)
          factorsB[place] = Self.half(slope * stretch * sums.scale)
        }
      }
    }
  }

  /// The bits of `value` in half precision, held within its finite range.
  private static func half(_ value: Float) -> UInt16 {
    guard value == value else { return 0 }
    return Float16(max(-65_504, min(65_504, value))).bitPattern
  }

  /// Marks a place without an edge: its distance is infinite.
  public static let noEdge: UInt16 = 0x7c00

  /// Turns a rotated query into codes.
  ///
  /// - Parameters:
  ///   - rotated: `axisCount` floats.
  ///   - codes: room for `axisCount` bytes.
  /// - Returns: what multiplies the integer dot product, and what is subtracted from it first.
  public func encodeQuery(
    rotated: UnsafePointer<Float>, into codes: UnsafeMutablePointer<Int8>, kernels: DistanceKernels
  ) -> (scale: Float, offset: Float) {
    // SAFETY: the caller vouches for `axisCount` floats and bytes.
    let scale = kernels.quantize(
      rotated, center: nil, weights: weights, count: shape.axisCount, into: codes)
    func sum(_ range: Range<Int>) -> Float {
      var sum: Int32 = 0
      for axis in range { sum &+= Int32(codes[axis]) }
      return Float(sum)
    }
    let end4 = 8 * shape.groups4
    let end2 = end4 + 16 * shape.groups2
    return (
      scale,
      7.5 * sum(0..<end4) + 1.5 * sum(end4..<end2) + 0.5 * sum(end2..<shape.axisCount)
    )
  }
}
