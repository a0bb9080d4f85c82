internal import VectorMath

/// Short codes of rows, group by group: of all rows of a segment, or of those that a filter lets through.
/// Immutable once made.
///
/// The codes are those of edges (see ``EdgeQuantizer``), from a group's centre to its rows, and are scored 16
/// at a time. Each group starts with a block of its own.
final class GroupedCodes: @unchecked Sendable {
  // SAFETY: `codes` has `blockCount` blocks; `a`, `b` and `nodes` have a number for each of their lanes.
  // Whoever makes the object fills them before others see it.
  let groups: FilterGroups
  /// The groups that have rows, ascending.
  let groupIDs: [UInt32]
  /// The first block of each of them, and the end of the last.
  let blockStarts: [UInt32]
  /// How far rows of each lie from the centre: the root of the mean square.
  let spreads: [Float]
  /// How many rows there are.
  let count: Int
  let codes: UnsafeMutablePointer<UInt8>
  let a: UnsafeMutablePointer<UInt16>
  let b: UnsafeMutablePointer<UInt16>
  let nodes: UnsafeMutablePointer<UInt32>

  /// Marks a lane without a row.
  static let noNode = UInt32.max

  var blockCount: Int { Int(blockStarts[blockStarts.count - 1]) }

  /// Makes room for `sizes[g]` rows in each group `g`, without any yet.
  init(groups: FilterGroups, sizes: [Int], spreads: [Float]) {
    self.groups = groups
    var ids: [UInt32] = []
    var starts: [UInt32] = [0]
    for (group, size) in sizes.enumerated() where size > 0 {
      ids.append(UInt32(group))
      let lanes = EdgeCodeShape.laneCount
      starts.append(starts[starts.count - 1] + UInt32((size + lanes - 1) / lanes))
    }
    groupIDs = ids
    blockStarts = starts
    self.spreads = ids.map { spreads[Int($0)] }
    count = sizes.reduce(0, +)
    let blockCount = Int(starts[starts.count - 1])
    let laneCount = max(1, blockCount * EdgeCodeShape.laneCount)
    let byteCount = max(64, blockCount * groups.quantizer.shape.blockByteCount)
    codes = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 64)
      .bindMemory(to: UInt8.self, capacity: byteCount)
    codes.initialize(repeating: 0, count: byteCount)
    a = .allocate(capacity: laneCount)
    a.initialize(repeating: EdgeQuantizer.noEdge, count: laneCount)
    b = .allocate(capacity: laneCount)
    b.initialize(repeating: 0, count: laneCount)
    nodes = .allocate(capacity: laneCount)
    nodes.initialize(repeating: Self.noNode, count: laneCount)
  }

  deinit {
    codes.deallocate()
    a.deallocate()
    b.deallocate()
    nodes.deallocate()
  }

  /// Copies a row of `other`, whose codes have the same shape, into a lane.
  @inline(__always)
  func copyLane(_ source: Int, of other: GroupedCodes, to lane: Int) {
    // SAFETY: both lanes are within their object; a lane has 4 bytes of each 64 of its block.
    let lanes = EdgeCodeShape.laneCount
    let byteCount = groups.quantizer.shape.blockByteCount
    let from = UnsafeRawPointer(other.codes + source / lanes * byteCount + source % lanes * 4)
    let to = UnsafeMutableRawPointer(codes + lane / lanes * byteCount + lane % lanes * 4)
    for offset in stride(from: 0, to: byteCount, by: 64) {
      to.storeBytes(
        of: from.load(fromByteOffset: offset, as: UInt32.self), toByteOffset: offset,
        as: UInt32.self)
    }
    a[lane] = other.a[source]
    b[lane] = other.b[source]
    nodes[lane] = other.nodes[source]
  }

  /// The codes of those rows that are in `matching`.
  ///
  /// - Complexity: a test for every row, a copy for each that is.
  func subset(matching: NodeSet) -> GroupedCodes {
    let lanes = EdgeCodeShape.laneCount
    var sizes = [Int](repeating: 0, count: groups.count)
    var spreads = [Float](repeating: 0, count: groups.count)
    var chosen: [UInt32] = []
    for (place, group) in groupIDs.enumerated() {
      spreads[Int(group)] = self.spreads[place]
      let start = chosen.count
      for lane in Int(blockStarts[place]) * lanes..<Int(blockStarts[place + 1]) * lanes
      where nodes[lane] != Self.noNode && matching.contains(nodes[lane]) {
        chosen.append(UInt32(lane))
      }
      sizes[Int(group)] = chosen.count - start
    }
    let subset = GroupedCodes(groups: groups, sizes: sizes, spreads: spreads)
    var next = 0
    for (place, group) in subset.groupIDs.enumerated() {
      let first = Int(subset.blockStarts[place]) * lanes
      for index in 0..<sizes[Int(group)] {
        subset.copyLane(Int(chosen[next]), of: self, to: first + index)
        next += 1
      }
    }
    return subset
  }

  /// `count` of the rows, or all if there are not more.
  ///
  /// - Complexity: O(lanes).
  func sample(_ count: Int, from generator: inout SplitMix64) -> [Int] {
    // SAFETY: lanes are those of the blocks.
    let ranks = generator.sample(min(count, self.count), below: self.count)
    var rows: [Int] = []
    rows.reserveCapacity(ranks.count)
    var rank = 0
    for lane in 0..<blockCount * EdgeCodeShape.laneCount where nodes[lane] != Self.noNode {
      guard rows.count < ranks.count else { break }
      if ranks[rows.count] == rank { rows.append(Int(nodes[lane])) }
      rank += 1
    }
    return rows
  }

  /// For each of the first `nodeCount` nodes the place of its group; 0 for those without a code.
  func groupPlaces(nodeCount: Int) -> [UInt32] {
    var places = [UInt32](repeating: 0, count: nodeCount)
    let lanes = EdgeCodeShape.laneCount
    for place in groupIDs.indices {
      for lane in Int(blockStarts[place]) * lanes..<Int(blockStarts[place + 1]) * lanes
      where nodes[lane] != Self.noNode {
        places[Int(nodes[lane])] = UInt32(place)
      }
    }
    return places
  }
}
