internal import VectorMath

/// Codes of all rows in the order of the rows, while it is not yet known how many each group has.
final class RowOrder {
  /// The rows' codes, as if they were one group.
  let codes: GroupedCodes
  private var assigned: [UInt32]
  private var sizes: [Int]
  /// The sum of the squared distances of each group's rows from their mean.
  private var squares: [Float]

  init(count: Int, groups: FilterGroups) {
    codes = GroupedCodes(groups: groups, sizes: [count], spreads: [0])
    assigned = [UInt32](repeating: 0, count: count)
    sizes = [Int](repeating: 0, count: groups.count)
    squares = [Float](repeating: 0, count: groups.count)
  }

  func assign(_ row: Int, to group: Int, squaredDistance: Float) {
    assigned[row] = UInt32(group)
    sizes[group] += 1
    squares[group] += squaredDistance
  }

  /// The codes by group.
  func grouped() -> GroupedCodes {
    let spreads = zip(squares, sizes).map { ($0 / Float(max(1, $1))).squareRoot() }
    let grouped = GroupedCodes(groups: codes.groups, sizes: sizes, spreads: spreads)
    var next = [Int](repeating: 0, count: sizes.count)
    for (place, group) in grouped.groupIDs.enumerated() {
      next[Int(group)] = Int(grouped.blockStarts[place]) * EdgeCodeShape.laneCount
    }
    for (row, group) in assigned.enumerated() {
      grouped.copyLane(row, of: codes, to: next[Int(group)])
      next[Int(group)] += 1
    }
    return grouped
  }
}
