internal import CVectorKernels

/// How many axes of an edge's code have 4 bits, 2 bits and 1 bit.
///
/// Axes are sorted by variance, so the ones that vary most come first and get the most bits; the last
/// may get none. Codes of ``laneCount`` edges stand interleaved in a block, so that one instruction
/// scores them all.
public struct EdgeCodeShape: Hashable, Sendable {
  /// Groups of 8 axes of 4 bits, of 16 axes of 2 bits and of 32 axes of 1 bit: 64 bytes of a block each.
  public let groups4: Int
  public let groups2: Int
  public let groups1: Int

  /// Edges in a block.
  public static let laneCount = 16

  public init(groups4: Int, groups2: Int, groups1: Int) {
    self.groups4 = groups4
    self.groups2 = groups2
    self.groups1 = groups1
  }

  /// How many axes have a code: a multiple of 16.
  public var axisCount: Int { 8 * groups4 + 16 * groups2 + 32 * groups1 }
  /// Bytes of a block of ``laneCount`` edges.
  public var blockByteCount: Int { 64 * (groups4 + groups2 + groups1) }

  /// Bits of the code of `axis`.
  func bits(of axis: Int) -> Int {
    axis < 8 * groups4 ? 4 : axis < 8 * groups4 + 16 * groups2 ? 2 : 1
  }

  var raw: engram_edge_shape {
    engram_edge_shape(
      groups4: UInt32(groups4), groups2: UInt32(groups2), groups1: UInt32(groups1))
  }

  /// The share of a normal variable's variance that is left between it and its code of 0, 1, 2 or 4
  /// bits with evenly spaced levels. Source: Max, IRE Trans. Inf. Theory 6, 1960, table II.
  private static let distortion: [Int: Double] = [1: 0.3634, 2: 0.1188, 4: 0.01154]

  /// The smallest shape whose code loses at most the share `distortion` of the variance, or, if none
  /// does within `byteCountMax` bytes an edge, the one that loses least.
  ///
  /// It also stops growing where bytes win next to nothing.
  ///
  /// - Parameter variances: of each axis, descending. Those that are not finite count as 0.
  public static func choose(
    variances: [Float], distortion wanted: Double, byteCountMax: Int
  ) -> EdgeCodeShape {
    let axisLimit = (variances.count + 31) / 32 * 32
    var cumulated = [0.0]
    for axis in 0..<axisLimit {
      let variance = axis < variances.count ? variances[axis] : 0
      let usable = variance.isFinite ? Double(max(0, variance)) : 0
      cumulated.append(cumulated[axis] + usable)
    }
    let total = max(cumulated[axisLimit], .leastNormalMagnitude)
    func lost(_ shape: EdgeCodeShape) -> Double {
      let end4 = 8 * shape.groups4
      let end2 = end4 + 16 * shape.groups2
      let end1 = shape.axisCount
      return
        (distortion[4]! * cumulated[end4] + distortion[2]! * (cumulated[end2] - cumulated[end4])
        + distortion[1]! * (cumulated[end1] - cumulated[end2]) + total - cumulated[end1]) / total
    }
    var best = EdgeCodeShape(groups4: 0, groups2: 0, groups1: 1)
    var bestLost = lost(best)
    for groups in 2...max(2, byteCountMax / 4) {
      if bestLost <= wanted { break }
      guard let (shape, value) = cheapest(groups, axisLimit: axisLimit, lost: lost) else { break }
      // Noise without end has no bits worth its bytes.
      if value > bestLost * (1 - leastGain) { break }
      (best, bestLost) = (shape, value)
    }
    return best
  }

  /// The share of what is lost that 4 more bytes an edge must win to be worth reading.
  private static let leastGain = 0.03

  /// The shape of `groups` groups, 4 bytes of an edge each, that loses least; nil if none has so few axes.
  private static func cheapest(
    _ groups: Int, axisLimit: Int, lost: (EdgeCodeShape) -> Double
  ) -> (EdgeCodeShape, Double)? {
    var best: (EdgeCodeShape, Double)?
    // An even number of 8-axis groups keeps whole 16s.
    for groups4 in stride(from: 0, through: groups, by: 2) {
      for groups2 in 0...(groups - groups4) {
        let shape = EdgeCodeShape(
          groups4: groups4, groups2: groups2, groups1: groups - groups4 - groups2)
        guard shape.axisCount <= axisLimit else { continue }
        let value = lost(shape)
        if value < best?.1 ?? .infinity { best = (shape, value) }
      }
    }
    return best
  }
}
